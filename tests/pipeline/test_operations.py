"""What runs beside the pipeline: the quality gate's query and the stream of dead letters."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.errors import SparkRuntimeException

pytestmark = pytest.mark.spark

ROOT = Path(__file__).parents[2]
GATE = ROOT / "src/retail/queries/quality_gate.sql"
FLAGS = "is_complete BOOLEAN, is_valid BOOLEAN, is_consistent BOOLEAN"


@pytest.fixture
def gate(spark: Any) -> Iterator[Callable[..., dict[str, Any]]]:
    """Run the query over some kept and some quarantined transactions."""
    spark.sql("CREATE SCHEMA IF NOT EXISTS gate")

    def run(kept: int, quarantined: int) -> dict[str, Any]:
        for table, good, number in (
            ("silver_transactions_validated", True, kept),
            ("quarantine_transactions", False, quarantined),
        ):
            rows = [(True, good, True)] * number
            frame = spark.createDataFrame(rows, FLAGS)
            frame.write.format("delta").mode("overwrite").saveAsTable(f"gate.{table}")
        thresholds = {"completeness": "0.95", "validity": "0.98", "consistency": "0.99"}
        arguments = {"catalog": "spark_catalog", "schema": "gate", **thresholds}
        *settings, query = GATE.read_text(encoding="utf-8").rstrip(";\n").split(";\n")
        for statement in settings:
            spark.sql(statement, args=arguments)
        scores = spark.sql(query, args=arguments).collect()
        return {row["dimension"]: (row["score"], row["result"]) for row in scores}

    before = spark.catalog.currentDatabase()
    yield run
    spark.catalog.setCurrentDatabase(before)
    spark.sql("DROP SCHEMA gate CASCADE")


def test_the_gate_lets_good_data_through(gate: Callable[..., dict[str, Any]]) -> None:
    assert gate(99, 1) == {
        "completeness": (1.0, "passed"),
        "validity": (0.99, "passed"),
        "consistency": (1.0, "passed"),
    }


@pytest.mark.parametrize(
    ("kept", "quarantined", "message"),
    [(97, 3, "validity is 0.97, below 0.98"), (0, 0, "completeness is unknown")],
)
def test_the_gate_fails_on_bad_data_and_on_none(
    gate: Callable[..., dict[str, Any]], kept: int, quarantined: int, message: str
) -> None:
    with pytest.raises(SparkRuntimeException, match=message):
        gate(kept, quarantined)


def test_a_dead_letter_says_what_is_wrong_with_which_row(
    spark: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "src/retail/streams"))
    from dead_letters import dead_letters

    row = ("T1", ["a", "b"], ["a is missing", "b is wrong"], datetime(2017, 1, 2, 3, 4, 5))
    columns = (
        "transaction_id STRING, failed_rules ARRAY<STRING>, reasons ARRAY<STRING>,"
        " quarantined_at TIMESTAMP"
    )
    (letter,) = dead_letters(spark.createDataFrame([row], columns)).collect()
    value = json.loads(letter["value"])
    assert letter["key"] == "T1"
    assert value["error_type"] == "a"
    assert value["error_message"] == "a is missing; b is wrong"
    assert value["failed_at"].startswith("2017-01-02T03:04:05")
    assert json.loads(value["sample"])["failed_rules"] == ["a", "b"]
