"""AUTO CDC with partial updates, several flows, ONCE, WHERE, retention and bitemporal history."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.spark

SCHEMA = "k INT, a STRING, b STRING, op STRING, seq INT, known INT, wrote ARRAY<STRING>"
FIRST = [
    (1, "a1", None, "U", 5, 1, ["a"]),
    (2, "a2", "b2", "U", 1, 1, None),
    (3, "a3", "b3", "D", 4, 1, None),
]
LATE = [
    (1, None, "b1", "U", 3, 2, ["b"]),
    (2, None, None, "U", 2, 3, ["b"]),
    (3, "a3", "b3", "U", 2, 2, None),
]
SOURCE = """
    from pyspark import pipelines as dp

    @dp.temporary_view
    def changes():
        return spark.readStream.format("delta").load("{path}")

    @dp.temporary_view
    def old():
        return spark.read.format("delta").load("{old}")

    def flow(target, source="changes", **more):
        dp.create_auto_cdc_flow(
            target=target, source=source, keys=["k"], sequence_by="seq",
            apply_as_deletes="op = 'D'", column_list=["k", "a", "b"], **more)

    dp.create_streaming_table("nulls")
    flow("nulls", ignore_null_updates=True)
    dp.create_streaming_table("some")
    flow("some", ignore_null_updates_column_list=["b"], stored_as_scd_type=2)
    dp.create_streaming_table("listed")
    flow("listed", columns_to_update="wrote")
    dp.create_streaming_table("two_times")
    flow("two_times", stored_as_scd_type="bitemporal", system_sequence_by="known")
    dp.create_streaming_table("forgetful", table_properties={{
        "pipelines.cdc.tombstoneGCThresholdInSeconds": "0"}})
    flow("forgetful", where="k > 0")
    dp.create_streaming_table("merged")
    flow("merged")
    flow("merged", source="old", name="backfill", once=True, ignore_null_updates=True)
"""


def test_events_that_write_a_part_of_a_row_and_come_late(project: Any) -> None:
    path = project.data("in", FIRST, SCHEMA)
    old = project.data(
        "old", [(4, "a4", None, "U", 1, 1, None), (2, "x", "x", "U", 0, 0, None)], SCHEMA
    )
    source = SOURCE.format(path=path, old=old)
    assert project.run(source).errors == ()
    project.data("in", LATE, SCHEMA)
    assert project.run(source).errors == ()
    assert project.rows("SELECT * FROM nulls") == [(1, "a1", "b1"), (2, "a2", "b2")]
    assert project.rows("SELECT * FROM some") == [
        (1, "a1", "b1", 5, None),
        (1, None, "b1", 3, 5),
        (2, "a2", "b2", 1, 2),
        (2, None, "b2", 2, None),
        (3, "a3", "b3", 2, 4),
    ]
    assert project.rows("SELECT * FROM listed") == [(1, "a1", "b1"), (2, "a2", None)]
    assert project.rows("SELECT * FROM forgetful WHERE k = 3") == [(3, "a3", "b3")]
    assert project.rows("SELECT * FROM merged") == [
        (1, "a1", None),
        (2, None, None),
        (4, "a4", None),
    ]
    assert project.rows("SELECT * FROM two_times WHERE k = 2") == [
        (2, "a2", "b2", 1, 2, 3, None),
        (2, "a2", "b2", 1, None, 1, 3),
        (2, None, None, 2, None, 3, None),
    ]


def test_an_event_outside_of_where_is_an_error(project: Any) -> None:
    path = project.data("in", FIRST, SCHEMA)
    summary = project.run(
        f"""
        from pyspark import pipelines as dp

        @dp.temporary_view
        def changes():
            return spark.readStream.format("delta").load("{path}")

        dp.create_streaming_table("one")
        dp.create_auto_cdc_flow(
            target="one", source="changes", keys=["k"], sequence_by="seq",
            where="k > 1")
        """
    )
    [error] = summary.errors
    assert (error.code, error.at and error.at.line) == ("AUTO_CDC_WHERE_NOT_MET", 10)


def test_flows_into_one_target_agree(project: Any) -> None:
    path = project.data("in", FIRST, SCHEMA)
    summary = project.run(
        f"""
        from pyspark import pipelines as dp

        @dp.temporary_view
        def changes():
            return spark.readStream.format("delta").load("{path}")

        dp.create_streaming_table("one")
        dp.create_auto_cdc_flow(
            target="one", source="changes", keys=["k"], sequence_by="seq")
        dp.create_auto_cdc_flow(
            name="two", target="one", source="changes", keys=["k", "a"], sequence_by="seq")
        """
    )
    [error] = summary.errors
    assert (error.code, error.at and error.at.line) == ("AUTO_CDC_FLOWS_DISAGREE", 10)
