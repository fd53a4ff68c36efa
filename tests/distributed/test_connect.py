"""The same pipeline here and over Spark Connect: the same results; what cannot be had is told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from shared_pipeline import Outcome, PipelineFolder
from spark_connect import connect_server

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
COMPUTED = """
    CREATE OR REFRESH STREAMING TABLE numbered (
      number BIGINT GENERATED ALWAYS AS IDENTITY, n BIGINT
    ) AS SELECT n FROM STREAM raw
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with connect_server(tmp_path_factory.mktemp("connect")) as url:
        yield url


@pytest.mark.skipif(
    "MILLPOND_SPARK_CONNECT" not in os.environ,
    reason="a client of Spark Connect does not always exit; MILLPOND_SPARK_CONNECT=1 tries it",
)
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
