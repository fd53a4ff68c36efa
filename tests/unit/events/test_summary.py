"""The summary of an update, and its JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond.codes import INVALID_NAME
from millpond.definitions import Action, DatasetKind, Expectation, FlowKind
from millpond.differences import PHOTON
from millpond.errors import MillpondError
from millpond.events import (
    DataQuality,
    Event,
    ExpectationCount,
    Metrics,
    Origin,
    Recorder,
    summarize,
)
from millpond.location import Span
from millpond.notices import Notices

AT = Span(Path("/project/src/silver.py"), 7, 5, 7, 12)
SALES, RAW, VIEW = "main.silver.sales", "main.bronze.raw", "main.silver.checked"


def an_error(name: str = "a..b") -> MillpondError:
    """An error with a place."""
    return MillpondError(INVALID_NAME, at=AT, name=name, what="dataset", reason="empty")


def define(recorder: Recorder) -> None:
    """A raw table, a view that checks it and a table that reads the view."""
    recorder.create_update("USER_ACTION", False, [], [], False, {})
    known = Expectation("known", "k", Action.WARN, AT)
    has_id = Expectation("has_id", "id IS NOT NULL", Action.DROP, AT)
    recorder.dataset_definition(RAW, DatasetKind.STREAMING_TABLE, 1, [])
    recorder.dataset_definition(VIEW, DatasetKind.TEMPORARY_VIEW, 1, [known])
    recorder.dataset_definition(SALES, DatasetKind.STREAMING_TABLE, 1, [has_id])
    kinds = (FlowKind.APPEND, FlowKind.VIEW, FlowKind.APPEND)
    for target, source, kind in zip((RAW, VIEW, SALES), ((), (RAW,), (VIEW,)), kinds, strict=True):
        recorder.flow_definition(target, target, source, kind, "SQL", None)


def run(recorder: Recorder) -> None:
    """Both tables filled, one batch each."""
    recorder.update_progress("RUNNING")
    for name, rows in ((RAW, 10), (SALES, 7)):
        recorder.flow_progress(name, name, "QUEUED")
        recorder.flow_progress(name, name, "RUNNING")
        counts = (ExpectationCount("known", VIEW, 9, 1), ExpectationCount("has_id", SALES, 7, 3))
        recorder.flow_progress(
            name,
            name,
            "RUNNING",
            batch_id=0,
            metrics=Metrics(num_output_rows=rows),
            data_quality=DataQuality(3, counts) if name == SALES else None,
        )
        recorder.flow_progress(name, name, "COMPLETED")
    recorder.update_progress("COMPLETED")


def test_the_json_of_an_update(recorder: Recorder, events: list[Event]) -> None:
    """Every key that docs/json-output.md promises, and no other."""
    define(recorder)
    run(recorder)
    assert summarize(events).to_json() == {
        "schema_version": 1,
        "update_id": "u1",
        "state": "COMPLETED",
        "seconds": 16.0,
        "errors": [],
        "warnings": [],
        "differences": [],
        "datasets": [
            {
                "name": RAW,
                "kind": "STREAMING_TABLE",
                "status": "COMPLETED",
                "unchanged": False,
                "rows_written": 10,
                "rows_dropped": 0,
                "rows_upserted": 0,
                "rows_deleted": 0,
                "expectations": [],
            },
            {
                "name": VIEW,
                "kind": "VIEW",
                "status": "COMPLETED",
                "unchanged": False,
                "rows_written": 0,
                "rows_dropped": 0,
                "rows_upserted": 0,
                "rows_deleted": 0,
                "expectations": [{"name": "known", "action": "warn", "passed": 9, "failed": 1}],
            },
            {
                "name": SALES,
                "kind": "STREAMING_TABLE",
                "status": "COMPLETED",
                "unchanged": False,
                "rows_written": 7,
                "rows_dropped": 3,
                "rows_upserted": 0,
                "rows_deleted": 0,
                "expectations": [{"name": "has_id", "action": "drop", "passed": 7, "failed": 3}],
            },
        ],
    }


def test_events_told_twice_and_out_of_order_change_nothing(
    recorder: Recorder, events: list[Event]
) -> None:
    define(recorder)
    run(recorder)
    assert summarize([*reversed(events), *events]) == summarize(events)


def test_inputs_and_time_of_a_dataset(recorder: Recorder, events: list[Event]) -> None:
    define(recorder)
    run(recorder)
    raw, view, sales = summarize(events).datasets
    assert (raw.inputs, view.inputs, sales.inputs) == ((), (RAW,), (VIEW,))
    assert (raw.seconds, view.seconds, sales.seconds) == (2.0, 0.0, 2.0)


def test_an_expectation_without_counts_is_there_with_none(
    recorder: Recorder, events: list[Event]
) -> None:
    """A fail expectation records no metrics (reference 3.1), and is not to vanish."""
    define(recorder)
    recorder.flow_progress(SALES, SALES, "FAILED", error=an_error())
    recorder.update_progress("FAILED")
    summary = summarize(events)
    (expectation,) = summary.datasets[2].expectations
    assert (expectation.passed, expectation.failed) == (0, 0)
    assert [each.code for each in summary.errors] == ["INVALID_NAME"]


def test_the_json_of_an_error_is_relative_to_the_project(
    recorder: Recorder, events: list[Event]
) -> None:
    recorder.create_update("USER_ACTION", False, [], [], False, {})
    recorder.user_error(an_error())
    recorder.user_error(an_error())
    recorder.user_error(an_error("c..d"))
    first, _ = summarize(events).to_json(relative_to=Path("/project"))["errors"]
    assert first == {
        "code": "INVALID_NAME",
        "message": an_error().message,
        "file": "src/silver.py",
        "line": 7,
        "column": 5,
        "hint": an_error().hint,
    }
    elsewhere = summarize(events).to_json(relative_to=Path("/other"))["errors"][0]
    assert elsewhere["file"] == "/project/src/silver.py"


def test_the_place_of_an_error_keeps_its_end(recorder: Recorder, events: list[Event]) -> None:
    recorder.user_error(an_error())
    assert summarize(events).errors[0].at == AT


def test_an_error_without_a_place(recorder: Recorder, events: list[Event]) -> None:
    recorder.user_error(MillpondError(INVALID_NAME, name="", what="dataset", reason="empty"))
    error = summarize(events).to_json(relative_to=Path("/project"))["errors"][0]
    assert (error["file"], error["line"], error["column"]) == (None, None, None)


def test_a_retry_that_worked_clears_the_error(recorder: Recorder, events: list[Event]) -> None:
    define(recorder)
    recorder.flow_progress(SALES, SALES, "FAILED", error=an_error())
    run(recorder)
    assert summarize(events).errors == ()


def test_the_latest_update_is_told(recorder: Recorder, events: list[Event]) -> None:
    define(recorder)
    run(recorder)
    later = Recorder(Origin("p1", "retail", "u2"), [events.append])
    later.create_update("USER_ACTION", False, [], [], True, {})
    later.update_progress("COMPLETED")
    summary = summarize(events)
    assert (summary.update_id, summary.dry_run, summary.datasets) == ("u2", True, ())


def test_an_update_that_has_only_begun(recorder: Recorder, events: list[Event]) -> None:
    define(recorder)
    summary = summarize(events)
    assert (summary.state, summary.dry_run, summary.pipeline_name) == ("CREATED", False, "retail")
    assert {each.status for each in summary.datasets} == {"QUEUED"}


def test_a_view_without_a_definition_has_a_row_of_its_own(
    recorder: Recorder, events: list[Event]
) -> None:
    count = ExpectationCount("known", VIEW, 9, 1)
    recorder.flow_progress(
        SALES, SALES, "RUNNING", batch_id=0, data_quality=DataQuality(0, (count,))
    )
    view = summarize(events).datasets[1]
    assert (view.name, view.kind) == (VIEW, "VIEW")
    assert (view.expectations[0].action, view.expectations[0].failed) == ("warn", 1)


def test_no_events_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one event"):
        summarize([])


def test_notices_are_told_with_the_update(recorder: Recorder, events: list[Event]) -> None:
    notices = Notices()
    notices.note(PHOTON, AT)
    notices.note(PHOTON, AT)
    notices.warn(an_error())
    recorder.create_update("USER_ACTION", False, [], [], False, {})
    recorder.notices(notices)
    told = summarize(events)
    assert [(each.feature, each.here, each.at) for each in told.differences] == [
        ("photon", PHOTON.here, AT)
    ]
    assert [(each.code, each.at) for each in told.warnings] == [("INVALID_NAME", AT)]
    document = told.to_json(Path("/project"))
    assert document["differences"] == [
        {
            "feature": "photon",
            "databricks": PHOTON.databricks,
            "here": PHOTON.here,
            "file": "src/silver.py",
            "line": 7,
            "column": 5,
        }
    ]


def test_nothing_to_say_is_no_event(recorder: Recorder, events: list[Event]) -> None:
    recorder.notices(Notices())
    assert events == []
