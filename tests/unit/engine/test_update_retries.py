"""What is run again: updates that may pass, and tables that failed (reference 5.2, 5.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from millpond.engine.request import UpdateRequest
from millpond.engine.update import run_update
from millpond.location import Span
from millpond.sources.inputs import LocalInputs

pytestmark = pytest.mark.spark

GATED = """
    import dlt
    from pathlib import Path

    tries = Path("{tries}")

    @dlt.foreach_batch_sink(name="out")
    def out(frame, batch):
        with tries.open("a") as file:
            file.write("x")
        if len(tries.read_text()) < {needed}:
            raise OSError("not yet")

    @dlt.append_flow(target="out")
    def into_out():
        return spark.readStream.format("delta").load("{path}")

    @dlt.table
    def fine():
        return spark.readStream.format("delta").load("{path}")
"""


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("millpond.engine.flows.pause", lambda attempt: 0.0)
    monkeypatch.setattr("millpond.engine.update.pause", lambda attempt: 0.0)


def run_as_bundle(project: Any, source: str, configuration: dict[str, str], **request: Any) -> Any:
    file = project.write("source/pipeline.py", source)
    spec = replace(project.spec(configuration), at=Span(file, 1))
    project.events.clear()
    return run_update(
        UpdateRequest(spec, project.state, LocalInputs(), retries=True, **request),
        project.events.append,
    )


def causes(project: Any) -> list[str]:
    return [e.body["cause"] for e in project.events if e.event_type == "create_update"]


def test_an_update_that_may_pass_is_followed_by_another(project: Any) -> None:
    path, tries = project.data("in", [(1,)], "n INT"), project.folder / "tries"
    source = GATED.format(path=path, tries=tries, needed=3)
    conf = {"pipelines.maxFlowRetryAttempts": "0", "pipelines.numUpdateRetryAttempts": "4"}
    summary = run_as_bundle(project, source, conf, full_refresh_all=True)

    assert (summary.state, summary.errors) == ("COMPLETED", ())
    assert causes(project) == ["USER_ACTION", "RETRY_ON_FAILURE", "RETRY_ON_FAILURE"]
    assert project.rows("SELECT n FROM fine") == [(1,)]
    whole = [e.body["full_refresh"] for e in project.events if e.event_type == "create_update"]
    assert whole == [True, False, False]


def test_there_are_no_more_updates_than_allowed(project: Any) -> None:
    path, tries = project.data("in", [(1,)], "n INT"), project.folder / "tries"
    source = GATED.format(path=path, tries=tries, needed=100)
    conf = {"pipelines.maxFlowRetryAttempts": "1", "pipelines.numUpdateRetryAttempts": "1"}
    summary = run_as_bundle(project, source, conf)

    assert summary.state == "FAILED"
    assert len(causes(project)) == 2
    assert tries.read_text() == "xxxx"


def test_what_cannot_pass_is_not_run_again(project: Any) -> None:
    path = project.data("in", [(0,)], "n INT")
    source = f"""
        import dlt
        @dlt.table
        def bad():
            return spark.readStream.format("delta").load("{path}").selectExpr("1 / n AS n")
    """
    assert run_as_bundle(project, source, {}).state == "FAILED"
    assert causes(project) == ["USER_ACTION"]


FAILING = """
    import dlt

    @dlt.table
    def bad():
        return spark.readStream.format("delta").load("{path}").selectExpr("1 / n AS n")

    @dlt.table
    def after_bad():
        return dlt.read_stream("bad")

    @dlt.table
    def last():
        return dlt.read("after_bad")

    @dlt.table
    def fine():
        return spark.readStream.format("delta").load("{path}")
"""


def statuses(summary: Any) -> dict[str, str]:
    return {each.name.rsplit(".", 1)[-1]: each.status for each in summary.datasets}


def test_failed_tables_are_refreshed_with_those_that_depend_on_them(project: Any) -> None:
    path = project.data("in", [(0,)], "n INT")
    assert project.run(FAILING.format(path=path)).state == "FAILED"
    project.run(dry_run=True)
    mended = FAILING.replace("1 / n", "1 + n").format(path=path)
    summary = project.run(mended, refresh_failed=True)

    assert statuses(summary) == {
        "bad": "COMPLETED",
        "after_bad": "COMPLETED",
        "last": "COMPLETED",
        "fine": "EXCLUDED",
    }
    again = project.run(refresh_failed=True)
    assert (again.state, set(statuses(again).values())) == ("COMPLETED", {"EXCLUDED"})


def test_everything_is_refreshed_if_the_last_update_failed_before_it_ran(project: Any) -> None:
    path = project.data("in", [(1,)], "n INT")
    assert project.run(FAILING.replace("1 / n", "nothing").format(path=path)).state == "FAILED"
    summary = project.run(FAILING.format(path=path), refresh_failed=True)

    assert set(statuses(summary).values()) == {"COMPLETED"}
