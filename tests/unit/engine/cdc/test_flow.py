"""AUTO CDC through the API: errors, drift, metrics, readers.

`tests/property/test_documented_changes.py` has the documented example in every order.
"""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.spark

SCHEMA = "userId INT, name STRING, city STRING, operation STRING, sequenceNum INT"
EVENTS: list[tuple[Any, ...]] = [
    (124, "Raul", "Oaxaca", "INSERT", 1),
    (123, "Isabel", "Monterrey", "INSERT", 1),
    (125, "Mercedes", "Tijuana", "INSERT", 2),
    (126, "Lily", "Cancun", "INSERT", 2),
    (123, None, None, "DELETE", 6),
    (125, "Mercedes", "Guadalajara", "UPDATE", 6),
    (125, "Mercedes", "Mexicali", "UPDATE", 5),
    (123, "Isabel", "Chihuahua", "UPDATE", 5),
]
TRUNCATE = (None, None, None, "TRUNCATE", 3)
SCD1 = [(124, "Raul", "Oaxaca"), (125, "Mercedes", "Guadalajara"), (126, "Lily", "Cancun")]
SCD2 = [
    (123, "Isabel", "Chihuahua", 5, 6),
    (123, "Isabel", "Monterrey", 1, 5),
    (124, "Raul", "Oaxaca", 1, None),
    (125, "Mercedes", "Guadalajara", 6, None),
    (125, "Mercedes", "Mexicali", 5, 6),
    (125, "Mercedes", "Tijuana", 2, 5),
    (126, "Lily", "Cancun", 2, None),
]
SCD2_WITHOUT_CITY = [
    (123, "Isabel", "Chihuahua", 1, 6),
    (124, "Raul", "Oaxaca", 1, None),
    (125, "Mercedes", "Guadalajara", 2, None),
    (126, "Lily", "Cancun", 2, None),
]


@pytest.mark.parametrize(
    ("rows", "code", "line"),
    [
        ([(None, "Ann", "Oslo", "INSERT", 1)], "NULL_KEY", 10),
        ([(1, "Ann", "Oslo", "INSERT", None)], "NULL_SEQUENCE", 11),
    ],
)
def test_an_event_without_key_or_sequence_stops_the_flow_and_writes_nothing(
    project: Any, rows: list[Any], code: str, line: int
) -> None:
    path = project.data("in", [*rows, (2, "Bob", "Bergen", "INSERT", 1)], SCHEMA)
    summary = project.run(
        f"""
        from pyspark import pipelines as dp
        from pyspark.sql.functions import col

        @dp.temporary_view
        def changes():
            return spark.readStream.format("delta").load("{path}")

        dp.create_streaming_table("one")
        dp.create_auto_cdc_flow(
            target="one", source="changes", keys=["userId"],
            sequence_by=col("sequenceNum"))
        """
    )
    [error] = summary.errors
    assert error.code == f"AUTOCDC_MICROBATCH_VALIDATION.{code}"
    assert error.at is not None
    assert error.at.line == line
    assert project.rows("SELECT * FROM one") == []


DRIFT = """
    from pyspark import pipelines as dp

    @dp.temporary_view
    def changes():
        return spark.readStream.format("delta").load("{path}")

    dp.create_streaming_table("one")
    dp.create_auto_cdc_flow(target="one", source="changes", {rest})
"""


def test_other_keys_or_history_over_rows_that_are_there_need_a_full_refresh(project: Any) -> None:
    path = project.data("in", [(1, "Ann", "Oslo", "INSERT", 1)], SCHEMA)
    first = 'keys=["userId"], sequence_by="sequenceNum"'
    assert project.run(DRIFT.format(path=path, rest=first)).errors == ()
    for rest, what in (
        ('keys=["userId", "city"], sequence_by="sequenceNum"', "keys"),
        ('keys=["userId"], sequence_by="operation"', "sequence type"),
        (f"{first}, stored_as_scd_type=2", "history"),
    ):
        [error] = project.run(DRIFT.format(path=path, rest=rest)).errors
        assert error.code == "AUTOCDC_INVALID_STATE"
        assert f"its {what} was" in error.message
        assert error.at is not None
        assert error.at.line == 8
    history = DRIFT.format(path=path, rest=f"{first}, stored_as_scd_type=2")
    assert project.run(history, full_refresh=("one",)).errors == ()
    assert project.rows("SELECT userId, __START_AT, __END_AT FROM one") == [(1, 1, None)]


def test_the_change_feed_of_a_target_and_who_reads_it(project: Any) -> None:
    path = project.data("in", EVENTS[:4], SCHEMA)
    source = f"""
    from pyspark import pipelines as dp

    @dp.temporary_view
    def changes():
        return spark.readStream.format("delta").load("{path}")

    dp.create_streaming_table("one")
    dp.create_auto_cdc_flow(
        target="one", source="changes", keys=["userId"], sequence_by="sequenceNum",
        apply_as_deletes="operation = 'DELETE'",
        except_column_list=["operation", "sequenceNum"])

    @dp.table
    def feed():
        changes = spark.readStream.option("readChangeFeed", "true").table("one")
        return changes.filter("_change_type != 'none'")

    @dp.table
    def grown():
        return spark.readStream.option("skipChangeCommits", "true").table("one")
    """
    assert project.run(source).errors == ()
    # A deletion, a later event than it, and an event older than a deletion.
    project.data("in", [EVENTS[4], (9, None, None, "DELETE", 9), (124, "R", "O", "U", 3)], SCHEMA)
    summary = project.run(source)
    assert summary.errors == ()
    numbers = {each.name: (each.rows_upserted, each.rows_deleted) for each in summary.datasets}
    assert numbers["main.default.one"] == (1, 1)
    project.data("in", [(123, "Eva", "Leon", "INSERT", 8), (9, "No", "No", "INSERT", 8)], SCHEMA)
    assert project.run(source).errors == ()
    feed = project.rows("SELECT userId, name, _change_type FROM feed WHERE _commit_version > 1")
    assert feed == [
        (123, "Eva", "insert"),
        (123, "Isabel", "delete"),
        (124, "R", "update_postimage"),
        (124, "Raul", "update_preimage"),
    ]
    assert project.rows("SELECT userId FROM grown") == [(123,), (124,), (125,), (126,)]
    columns = ["userId", "name", "city"]
    assert [row[0] for row in project.rows("SHOW COLUMNS IN one")] == sorted(columns)
    tables = {row[1] for row in project.rows("SHOW TABLES")}
    assert tables == {"one", "feed", "grown"}
