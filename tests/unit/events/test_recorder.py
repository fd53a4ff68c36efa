"""What the recorder writes down, field by field of reference 6.3 and 6.4."""

from __future__ import annotations

import threading
from pathlib import Path
from uuid import UUID

from millpond.codes import INVALID_NAME
from millpond.definitions import Action, DatasetKind, Expectation, FlowKind
from millpond.errors import MillpondError
from millpond.events import DataQuality, Event, ExpectationCount, Metrics, Recorder
from millpond.location import Span

AT = Span(Path("/p/silver.py"), 7, 5, 7, 12)
ERROR_DETAILS = {
    "code": "INVALID_NAME",
    "file": "/p/silver.py",
    "line": 7,
    "column": 5,
    "end_line": 7,
    "end_column": 12,
}


def an_error() -> MillpondError:
    """An error with a place."""
    return MillpondError(INVALID_NAME, at=AT, name="a..b", what="dataset", reason="empty")


def test_details_have_one_key_named_like_the_event_type(
    recorder: Recorder, events: list[Event]
) -> None:
    recorder.create_update("USER_ACTION", False, ["a"], ["b"], False, {"k": "v"})
    recorder.update_progress("RUNNING")
    recorder.dataset_definition("c.s.sales", DatasetKind.STREAMING_TABLE, 1, [])
    recorder.flow_definition("f", "c.s.sales", [], FlowKind.APPEND, "SQL", None, None, False)
    recorder.flow_progress("f", "c.s.sales", "QUEUED")
    recorder.user_error(an_error())
    assert [list(event.details) for event in events] == [[each.event_type] for each in events]
    assert [each.event_type for each in events] == [
        "create_update",
        "update_progress",
        "dataset_definition",
        "flow_definition",
        "flow_progress",
        "millpond_error",
    ]


def test_create_update_says_what_was_asked_for(recorder: Recorder, events: list[Event]) -> None:
    recorder.create_update("USER_ACTION", True, ["c.s.a"], ["c.s.b"], True, {"k": "v"})
    body = events[0].body
    assert body["cause"] == "USER_ACTION"
    assert body["full_refresh"] is True
    assert body["refresh_selection"] == ["c.s.a"]
    assert body["full_refresh_selection"] == ["c.s.b"]
    assert body["validate_only"] is True
    assert body["config"] == {"k": "v"}
    assert body["update_id"] == events[0].update_id == "u1"


def test_a_dataset_definition_keeps_what_a_violation_does(
    recorder: Recorder, events: list[Event]
) -> None:
    expectation = Expectation("has_id", "id IS NOT NULL", Action.DROP, AT)
    recorder.dataset_definition("c.s.sales", DatasetKind.STREAMING_TABLE, 2, [expectation])
    assert events[0].origin["dataset_name"] == "c.s.sales"
    assert events[0].body == {
        "dataset_type": "STREAMING_TABLE",
        "num_flows": 2,
        "expectations": [{"name": "has_id", "expression": "id IS NOT NULL", "action": "drop"}],
    }


def test_a_flow_definition_has_the_fields_of_a_lineage_query(
    recorder: Recorder, events: list[Event]
) -> None:
    schema = '{"type": "struct", "fields": [{"name": "id", "type": "long", "nullable": true}]}'
    recorder.flow_definition(
        "c.s.f", "c.s.sales", ["c.s.raw"], FlowKind.COMPLETE, "PYTHON", "why", schema, True
    )
    assert events[0].origin["flow_name"] == "c.s.f"
    assert events[0].body == {
        "input_datasets": ["c.s.raw"],
        "output_dataset": "c.s.sales",
        "flow_type": "MATERIALIZED_VIEW",
        "language": "PYTHON",
        "comment": "why",
        "schema_json": schema,
        "schema": [{"name": "id", "type": "long", "nullable": True}],
        "once": True,
    }


def test_a_batch_is_a_metrics_event_with_its_id(recorder: Recorder, events: list[Event]) -> None:
    quality = DataQuality(3, (ExpectationCount("has_id", "c.s.v", 7, 3),), view_drops={"c.s.v": 3})
    recorder.flow_progress(
        "c.s.f",
        "c.s.sales",
        "RUNNING",
        batch_id=4,
        metrics=Metrics(num_output_rows=7),
        data_quality=quality,
        flow_id="id-of-f",
    )
    (event,) = events
    assert event.level == "METRICS"
    assert (event.origin["batch_id"], event.origin["flow_id"]) == (4, "id-of-f")
    assert event.body == {
        "status": "RUNNING",
        "metrics": {"num_output_rows": 7},
        "data_quality": {
            "dropped_records": 3,
            "expectations": [
                {
                    "name": "has_id",
                    "dataset": "c.s.v",
                    "passed_records": 7,
                    "failed_records": 3,
                }
            ],
        },
        "millpond": {"view_drops": {"c.s.v": 3}},
    }


def test_a_status_alone_has_neither_metrics_nor_quality(
    recorder: Recorder, events: list[Event]
) -> None:
    recorder.flow_progress("c.s.f", "c.s.sales", "SKIPPED")
    assert events[0].body == {"status": "SKIPPED"}
    assert events[0].level == "WARN"


def test_a_failed_flow_has_the_error_column_and_our_place(
    recorder: Recorder, events: list[Event]
) -> None:
    error = an_error()
    error.__cause__ = ValueError("underneath")
    recorder.flow_progress("c.s.f", "c.s.sales", "FAILED", error=error)
    (event,) = events
    assert event.level == "ERROR"
    assert event.error is not None
    assert event.error["fatal"] is False
    assert [each["class_name"] for each in event.error["exceptions"]] == [
        "millpond.errors.MillpondError",
        "builtins.ValueError",
    ]
    details = event.body["millpond"]["error"]
    assert {key: details[key] for key in ERROR_DETAILS} == ERROR_DETAILS
    assert (details["message"], details["hint"]) == (error.message, error.hint)


def test_a_stack_names_the_users_function(recorder: Recorder, events: list[Event]) -> None:
    try:
        raise ValueError("in the user's code")
    except ValueError as cause:
        error = an_error()
        error.__cause__ = cause
    recorder.user_error(error)
    assert events[0].error is not None
    (frame,) = events[0].error["exceptions"][1]["stack"]
    assert frame["method_name"] == "test_a_stack_names_the_users_function"
    assert frame["file_name"] == "test_recorder.py"


def test_ids_and_sequence_increase_while_the_clock_stands_still(
    still_recorder: Recorder, events: list[Event]
) -> None:
    for _ in range(2000):
        still_recorder.update_progress("RUNNING")
    assert [each.sequence for each in events] == sorted({each.sequence for each in events})
    assert [each.id for each in events] == sorted({each.id for each in events})
    assert {UUID(each.id).version for each in events} == {7}


def test_flows_that_record_at_once_are_heard_one_at_a_time(
    recorder: Recorder, events: list[Event]
) -> None:
    def flow(name: str) -> None:
        for batch in range(100):
            recorder.flow_progress(name, "c.s.t", "RUNNING", batch_id=batch)

    threads = [threading.Thread(target=flow, args=(f"f{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(events) == 800
    assert [each.sequence for each in events] == sorted(each.sequence for each in events)


def test_an_origin_has_every_field_of_the_log(recorder: Recorder, events: list[Event]) -> None:
    recorder.update_progress("RUNNING")
    origin = events[0].origin
    assert (origin["pipeline_id"], origin["pipeline_type"]) == ("p1", "WORKSPACE")
    assert origin["cloud"] is None
    assert "ingestion_source_type" in origin


def test_who_started_an_update_on_what(recorder: Recorder, events: list[Event]) -> None:
    recorder.user_action("START")
    recorder.runtime_details("millpond 1 (Spark 4, Delta 4)")
    assert events[0].body["action"] == "START"
    assert events[0].body["user_name"]
    assert events[1].body["runtime_version"] == {"dbr_version": "millpond 1 (Spark 4, Delta 4)"}


def test_a_canceled_update_says_who_canceled_it(recorder: Recorder, events: list[Event]) -> None:
    recorder.update_progress("CANCELED")
    recorder.update_progress("COMPLETED")
    assert events[0].body == {"state": "CANCELED", "cancellation_cause": "USER_ACTION"}
    assert events[1].body == {"state": "COMPLETED"}


def test_progress_of_a_stream_is_not_for_hooks(recorder: Recorder, events: list[Event]) -> None:
    recorder.stream_progress("f", "c.s.t", '{"batchId": 3}', batch_id=3, flow_id="x")
    (event,) = events
    assert event.body == {"progress_json": '{"batchId": 3}'}
    assert (event.level, event.maturity_level, event.origin["batch_id"]) == (
        "METRICS",
        "EVOLVING",
        3,
    )


def test_the_source_of_a_flow_is_kept_where_no_documented_query_looks(
    recorder: Recorder, events: list[Event]
) -> None:
    source = {"file": "/p/a.py", "line": 3, "text": "def a(): ..."}
    recorder.flow_definition("f", "c.s.a", [], FlowKind.APPEND, "PYTHON", None, source=source)
    assert events[0].body["millpond"] == {"source": source}
