"""Continuous updates: what arrives comes out, and a stop loses and doubles nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

pytestmark = pytest.mark.spark

SOON = {"pipelines.trigger.interval": "500 milliseconds"}

SOURCE = """
    import dlt
    from pyspark.sql import functions as F

    @dlt.table
    @dlt.expect_or_drop("positive", "n > 0")
    def raw():
        return (
            spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
            .option("cloudFiles.inferColumnTypes", "true").load("{landing}")
        )

    @dlt.table
    def doubled():
        return dlt.read_stream("raw").select((F.col("n") * 2).alias("n"))

    @dlt.table
    def total():
        return spark.read.table("doubled").agg(F.sum("n").alias("total"))
"""


class Running:
    """An update in another thread."""

    def __init__(self, project: Any, stop: threading.Event) -> None:
        self.project = project
        self.stop = stop
        self.summary: Any = None

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, [e.message for e in self.project.events[-20:]]
            time.sleep(0.05)

    def rows(self, flow: str) -> int:
        from millpond.report.progress import RowCount

        count = RowCount()
        for event in list(self.project.events):
            count.add(event)
        return count.of(f"main.default.{flow}")

    def statuses(self, flow: str) -> list[str]:
        found = [
            event.body["status"]
            for event in list(self.project.events)
            if event.event_type == "flow_progress"
            and event.origin["flow_name"] == f"main.default.{flow}"
        ]
        return [each for i, each in enumerate(found) if i == 0 or found[i - 1] != each]


@pytest.fixture
def continuously(project: Any) -> Any:
    """A context in which the project's pipeline runs continuously; it is stopped at the end."""

    @contextmanager
    def run(source: str | None = None, **request: Any) -> Iterator[Running]:
        stop = threading.Event()

        running = Running(project, stop)
        request.setdefault("configuration", SOON)
        failure: list[BaseException] = []

        def work() -> None:
            try:
                running.summary = project.run(source, continuous=True, stop=stop, **request)
            except BaseException as error:  # noqa: BLE001 - shown in the test's thread
                failure.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield running
        finally:
            stop.set()
            thread.join(60)
        assert not failure, failure

    return run


@pytest.fixture
def landing(project: Any) -> Any:
    folder = project.folder / "landing"
    folder.mkdir()

    def arrive(name: str, *numbers: int) -> None:
        (folder / name).write_text("".join(f'{{"n": {n}}}\n' for n in numbers))

    arrive.folder = folder  # type: ignore[attr-defined]
    return arrive


def test_files_that_arrive_come_out_and_a_stop_loses_and_doubles_nothing(
    project: Any, continuously: Any, landing: Any
) -> None:
    landing("1.json", 1, -1)
    with continuously(SOURCE.format(landing=landing.folder)) as running:
        running.until(lambda: running.rows("total") == 1)
        landing("2.json", 10, 20)
        running.until(lambda: running.rows("doubled") == 3 and running.rows("total") >= 2)
        running.until(lambda: running.statuses("raw")[-1] == "IDLE")
        time.sleep(2)  # passes over nothing

    summary = running.summary
    assert summary.state == "CANCELED"
    assert {each.status for each in summary.datasets} == {"STOPPED"}
    raw = summary.datasets[0]
    assert (raw.rows_written, raw.rows_dropped) == (3, 1)
    assert [(e.passed, e.failed) for e in raw.expectations] == [(3, 1)]
    assert running.statuses("raw") == [
        *("QUEUED", "STARTING", "RUNNING", "IDLE", "RUNNING", "IDLE", "STOPPED")
    ]

    landing("3.json", 100)
    with continuously() as again:
        again.until(lambda: again.rows("total") >= 1)
    assert project.rows("SELECT total FROM total") == [(262,)]
    assert project.rows("SELECT n FROM doubled") == [(2,), (20,), (200,), (40,)]
    assert project.run().state == "COMPLETED"
    assert len(project.rows("SELECT n FROM doubled")) == 4


def test_a_new_column_arrives_within_the_update(
    project: Any, continuously: Any, landing: Any
) -> None:
    landing("1.json", 1)
    with continuously(SOURCE.format(landing=landing.folder)) as running:
        running.until(lambda: running.rows("total") == 1)
        (landing.folder / "2.json").write_text('{"n": 2, "m": "new"}\n')
        running.until(lambda: running.rows("raw") == 2)

    assert project.rows("SELECT n, m FROM raw") == [(1, None), (2, "new")]


def test_a_flow_that_fails_for_good_stops_its_readers_and_no_one_else(
    project: Any, continuously: Any
) -> None:
    good, bad = project.data("good", [(1,)], "n INT"), project.data("bad", [(0,)], "n INT")
    source = f"""
        import dlt

        @dlt.table
        def bad():
            return spark.readStream.format("delta").load("{bad}").selectExpr("1 / n AS n")

        @dlt.table
        def after_bad():
            return dlt.read_stream("bad")

        @dlt.table
        def good():
            return spark.readStream.format("delta").load("{good}")
    """
    with continuously(source) as running:
        running.until(lambda: "SKIPPED" in running.statuses("after_bad"))
        running.until(lambda: running.rows("good") == 1)
        project.data("good", [(2,)], "n INT")
        running.until(lambda: running.rows("good") == 2)

    assert running.summary.state == "CANCELED"
    [error] = running.summary.errors
    assert (error.code, error.at.line) == ("FLOW_FAILED", 3)
    statuses = {e.name.rsplit(".", 1)[1]: e.status for e in running.summary.datasets}
    assert statuses == {"bad": "FAILED", "after_bad": "SKIPPED", "good": "STOPPED"}


def test_a_flow_that_may_pass_is_tried_again(project: Any, continuously: Any) -> None:
    path = project.data("in", [(1,)], "n INT")
    gate = project.folder / "gate"
    source = f"""
        import dlt
        from pathlib import Path
        from pyspark.sql import functions as F

        @F.udf("int")
        def through(n):
            if not Path("{gate}").exists():
                raise OSError("not yet")
            return n

        @dlt.foreach_batch_sink(name="out")
        def out(frame, batch):
            if not Path("{gate}").exists():
                raise OSError("not yet")

        @dlt.append_flow(target="out")
        def f():
            return spark.readStream.format("delta").load("{path}")
    """
    with continuously(source) as running:
        running.until(lambda: "FAILED" in running.statuses("f"))
        gate.touch()
        running.until(lambda: running.statuses("f")[-1] == "IDLE")

    assert running.summary.errors == ()


def test_the_event_log_can_be_read_while_it_runs(
    project: Any, continuously: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("millpond.events.log._INTERVAL", 0.5)
    path = project.data("in", [(1,)], "n INT")
    source = f"""
        import dlt
        @dlt.table
        def t():
            return spark.readStream.format("delta").load("{path}")
    """
    with continuously(source) as running:
        running.until((project.state / "events" / "_delta_log").is_dir)
        assert running.summary is None
    with_rows = project.spark.read.format("delta").load(str(project.state / "events"))
    assert with_rows.count() == len(project.events)


def test_an_interval_that_is_none_is_an_error_where_it_is_set(
    project: Any, continuously: Any
) -> None:
    source = """
        CREATE OR REFRESH MATERIALIZED VIEW v
        TBLPROPERTIES ("pipelines.trigger.interval" = "soon") AS SELECT 1 AS n
    """
    summary = project.run({"a.sql": source}, continuous=True)

    [error] = summary.errors
    assert (error.code, summary.state) == ("CONFIGURATION_NOT_VALID", "FAILED")
