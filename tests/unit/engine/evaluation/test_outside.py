"""Tables from outside the pipeline: mapped files, Delta tables, and other runs' tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from millpond.sources.inputs import load_inputs

pytestmark = pytest.mark.spark

EVERY_WAY = """
    import dlt
    from pyspark import pipelines as dp

    @dp.materialized_view
    def by_read():
        return spark.read.table("samples.nyctaxi.trips")

    @dp.materialized_view
    def by_table():
        return spark.table("SAMPLES.NycTaxi.`trips`")

    @dp.materialized_view
    def by_sql():
        return spark.sql("SELECT nyctaxi.trips.fare FROM samples.nyctaxi.trips")

    @dp.table
    def streamed():
        return spark.readStream.table("samples.nyctaxi.trips")

    @dp.table
    def zones():
        return spark.readStream.option("skipChangeCommits", "true").table("ref.geo.zones")
"""


def inputs(project: Any, text: str) -> Any:
    return load_inputs(project.write("millpond.yml", text), "dev")


def test_mapped_files_are_read_in_every_way(project: Any) -> None:
    project.write("data/trips/a.csv", "fare\n1.5\n2\n")
    project.write("zones.json", '[{"zone": "a"}]')
    mapped = inputs(project, "tables: {samples.nyctaxi.*: data, ref.geo.zones: zones.json}")
    summary = project.run(EVERY_WAY, inputs=mapped)

    assert summary.errors == ()
    for name in ("by_read", "by_table", "by_sql", "streamed"):
        assert project.rows(f"SELECT fare FROM {name}") == [(1.5,), (2.0,)]
    assert project.rows("SELECT zone FROM zones") == [("a",)]

    project.write("data/trips/b.csv", "fare\n9\n")
    project.run(inputs=mapped)
    assert len(project.rows("SELECT fare FROM streamed")) == 3


def test_a_delta_table_is_read_as_a_stream_with_its_change_feed(project: Any) -> None:
    path = project.data("orders", [(1, "a")], "id INT, name STRING")
    summary = project.run(
        """
        import dlt

        @dlt.table
        def orders():
            return spark.readStream.option("startingVersion", 0).table("sales.orders")
        """,
        inputs=inputs(project, f"tables: {{main.sales.orders: {path}}}"),
    )

    assert summary.errors == ()
    assert project.rows("SELECT id FROM orders") == [(1,)]


def test_files_have_no_change_feed(project: Any) -> None:
    project.write("orders.csv", "id\n1\n")
    summary = project.run(
        """
        import dlt

        @dlt.table
        def orders():
            return spark.readStream.option("readChangeFeed", "true").table("sales.orders")
        """,
        inputs=inputs(project, "tables: {main.sales.orders: orders.csv}"),
    )

    (error,) = summary.errors
    assert (error.code, error.at.line) == ("OUTSIDE_TABLE_NOT_DELTA", 5)


def test_a_second_pipeline_reads_the_firsts_tables(project: Any, tmp_path: Path) -> None:
    project.run({"first.sql": FIRST})
    second = type(project)(tmp_path / "second", project.spark)
    mapped = inputs(second, "tables: {'*.sales.*': {state: ../state}}")
    summary = second.run({"second.sql": SECOND}, inputs=mapped)

    assert summary.errors == ()
    assert second.rows("SELECT n FROM doubled") == [(0,), (2,)]
    assert second.rows("SELECT n FROM followed") == [(0,), (2,)]

    hidden = second.run({"second.sql": SECOND.replace("sales.Orders", "sales.hidden")})
    assert {error.code for error in hidden.errors} == {"TABLE_OR_VIEW_NOT_FOUND"}


FIRST = """
    CREATE MATERIALIZED VIEW sales.orders AS SELECT id FROM range(2);
    CREATE PRIVATE MATERIALIZED VIEW sales.hidden AS SELECT 1 AS id;
"""
SECOND = """
    CREATE MATERIALIZED VIEW doubled AS SELECT id * 2 AS n FROM MAIN.sales.Orders;
    CREATE STREAMING TABLE followed AS SELECT id * 2 AS n FROM STREAM main.sales.Orders;
"""


def test_an_unmapped_table_is_an_error_with_the_line_to_add(project: Any) -> None:
    summary = project.run({"a.sql": "CREATE MATERIALIZED VIEW v AS SELECT * FROM cat.`my sch`.t"})

    (error,) = summary.errors
    assert error.code == "TABLE_OR_VIEW_NOT_FOUND"
    assert error.hint.endswith("tables:\n    cat.`my sch`.t: path/to/t.csv")


def test_paths_as_names_are_mapped(project: Any) -> None:
    project.data("orders", [(1,)], "id INT")
    mapped = inputs(project, "paths: {/mnt/lake: outside}")
    summary = project.run(
        {
            "a.sql": "CREATE MATERIALIZED VIEW a AS SELECT id FROM delta.`/mnt/lake/orders`;\n"
            "CREATE STREAMING TABLE b AS SELECT id FROM STREAM delta.`dbfs:/mnt/lake/orders`",
            "c.py": "import dlt\n@dlt.table\ndef c():\n"
            "    return spark.read.table('delta.`/mnt/lake/orders`')\n",
        },
        inputs=mapped,
    )

    assert summary.errors == ()
    assert [project.rows(f"SELECT id FROM {name}") for name in "abc"] == [[(1,)]] * 3
