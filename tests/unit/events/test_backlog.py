"""What a stream has still to read."""

from __future__ import annotations

from millpond.events.backlog import SourceBacklog, backlogs
from millpond.events.metrics import Metrics

KAFKA = {
    "description": "KafkaV2[Subscribe[sales]]",
    "endOffset": {"sales": {"0": 7, "1": 10}},
    "latestOffset": {"sales": {"0": 9, "1": 10, "2": 5}},
}
DELTA = {"description": "DeltaSource[file:/t]", "endOffset": {"index": 1}, "latestOffset": None}


def test_kafka_tells_the_records_behind_the_offsets_read() -> None:
    assert backlogs([KAFKA], all_read=False) == [
        SourceBacklog("KafkaV2[Subscribe[sales]]", backlog_records=2 + 0 + 5)
    ]


def test_what_is_left_of_a_table_is_known_once_all_is_read() -> None:
    assert backlogs([DELTA], all_read=False) == [SourceBacklog("DeltaSource[file:/t]")]
    assert backlogs([DELTA], all_read=True) == [
        SourceBacklog("DeltaSource[file:/t]", backlog_bytes=0, backlog_files=0)
    ]


def test_offsets_that_are_not_told_are_not_guessed() -> None:
    source = {**KAFKA, "latestOffset": None}
    assert backlogs([source], all_read=False) == [SourceBacklog("KafkaV2[Subscribe[sales]]")]


def test_a_flow_has_the_backlog_of_all_its_sources() -> None:
    found = Metrics.of_backlogs(backlogs([KAFKA, KAFKA, DELTA], all_read=False)).details()
    assert found["backlog_records"] == 14
    assert "backlog_bytes" not in found
    assert [each["source_name"] for each in found["source_metrics"]] == [
        "KafkaV2[Subscribe[sales]]",
        "KafkaV2[Subscribe[sales]]",
        "DeltaSource[file:/t]",
    ]
