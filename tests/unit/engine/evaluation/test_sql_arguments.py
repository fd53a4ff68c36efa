"""What `spark.sql` takes beside its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Project

pytestmark = pytest.mark.spark

SOURCE = """
    import dlt
    from pyspark.sql.functions import col

    @dlt.table
    def orders():
        return spark.createDataFrame([(1, "a"), (2, "b"), (3, "it's")], "id int, name string")

    @dlt.table
    def from_frames():
        few = spark.read.table("orders").where("id < 3")
        return spark.sql(
            "SELECT o.id, o.name FROM {few} o JOIN {few} p ON o.id = p.id WHERE {key} >= {least}",
            few=few, key=col("o.id"), least=2,
        )

    @dlt.table
    def from_streams():
        return spark.sql("SELECT id FROM {rows} WHERE name = {name}",
            rows=spark.readStream.table("from_a_stream"), name="it's")

    @dlt.table
    def from_a_stream():
        return spark.readStream.table("orders")

    @dlt.table
    def from_positions():
        return spark.sql("SELECT id FROM orders WHERE id BETWEEN ? AND ?", [2, 3])

    @dlt.table
    def from_a_name():
        return spark.sql(
            "SELECT id FROM Identifier(:t) WHERE name <> 'identifier(:t)' AND id = :id",
            {"t": "main.default.orders", "id": 1},
        )
"""


def test_frames_values_and_names_of_tables(project: Project) -> None:
    summary = project.run(SOURCE)
    assert not [error.message for error in summary.errors]
    assert project.rows("SELECT * FROM from_frames") == [(2, "b")]
    assert project.rows("SELECT * FROM from_streams") == [(3,)]
    assert project.rows("SELECT * FROM from_positions") == [(2,), (3,)]
    assert project.rows("SELECT * FROM from_a_name") == [(1,)]
    inputs = {each.name.split(".")[-1]: each.inputs for each in summary.datasets}
    assert inputs["from_frames"] == inputs["from_a_name"] == ("main.default.orders",)
    assert inputs["from_streams"] == ("main.default.from_a_stream",)


def test_a_statement_that_writes_takes_them_too(project: Project) -> None:
    summary = project.run(
        """
        import dlt

        spark.sql("CREATE TABLE IF NOT EXISTS rules (name STRING, least INT)")
        spark.sql("INSERT INTO rules VALUES (:name, :least)", {"name": "a", "least": 2})
        more = spark.createDataFrame([("b", 3)], "name STRING, least INT")
        spark.sql("INSERT INTO rules SELECT name, least + {extra} FROM {more}", more=more, extra=1)

        @dlt.table
        def known():
            return spark.read.table("rules")
        """
    )
    assert not [error.message for error in summary.errors]
    assert project.rows("SELECT * FROM known") == [("a", 2), ("b", 4)]
