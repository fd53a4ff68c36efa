"""The same pipeline here and over Spark Connect: the same results; what cannot be had is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shared_pipeline import Outcome, PipelineFolder
from spark_connect import connect_server

from millpond.engine.query import run_sql

pytestmark = pytest.mark.spark

LIMITS = """
    import dlt
    from delta.tables import DeltaTable

    @dlt.table
    def context():
        return spark.createDataFrame([(sc.applicationId,)], "id STRING")

    @dlt.table
    def distributed():
        return spark.range(2).rdd.toDF()

    @dlt.table
    def table():
        return DeltaTable.forName(spark, "raw").toDF()
"""
CHANGES = """
    import dlt

    @dlt.table
    def raw():
        return (
            spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
            .option("cloudFiles.inferColumnTypes", "true").load("/Volumes/main/default/landing")
        )

    dlt.create_streaming_table("latest")
    dlt.create_auto_cdc_flow(
        target="latest", source="raw", keys=["id"], sequence_by="at",
        apply_as_deletes="gone", except_column_list=["gone", "_rescued_data"],
    )
"""
COMPUTED = """
    CREATE OR REFRESH STREAMING TABLE numbered (
      number BIGINT GENERATED ALWAYS AS IDENTITY, n BIGINT
    ) AS SELECT n FROM STREAM raw
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with connect_server(tmp_path_factory.mktemp("connect")) as running:
        yield running.url


def test_spark_connect_gives_the_results_of_one_machine(
    here: Outcome, pipeline: PipelineFolder, server: str
) -> None:
    there = pipeline.run_twice("--remote", server)

    assert there == here


def test_what_spark_connect_cannot_do_is_told_before_anything_runs(
    pipeline: PipelineFolder, server: str
) -> None:
    pipeline.write("source/d.py", LIMITS)
    pipeline.write("source/e.sql", COMPUTED)
    errors = pipeline.run_once("--remote", server)["errors"]

    found = [(error["code"], Path(error["file"]).name, error["line"]) for error in errors]
    assert found == [("NOT_OVER_SPARK_CONNECT", "d.py", line) for line in (6, 10, 14)]
    assert not (pipeline.state / "tables").exists()


def test_an_update_goes_on_after_a_server_that_went_away(
    tmp_path: Path, server: str, spark: Any
) -> None:
    pipeline = PipelineFolder(tmp_path / "pipeline")
    pipeline.write("source/a.py", CHANGES)
    for other in ("b.sql", "c.py"):
        (pipeline.folder / "source" / other).unlink()
    there = "--remote"
    with connect_server(tmp_path / "first") as first:
        lost = pipeline.run_until("COMPLETED  main.default.raw", first.kill, there, first.url)
    pipeline.receive()
    again = pipeline.run_once(there, server)

    assert [error["code"] for error in lost["errors"]] == ["REMOTE_ENDED"]
    assert again["errors"] == []
    assert list(run_sql(pipeline.state, "SELECT count(*) FROM raw")[1]) == [(7,)]
    _, latest = run_sql(pipeline.state, "SELECT id, n, at FROM latest ORDER BY id")
    assert list(latest) == [(1, 10, 4), (3, 200, 3)]
