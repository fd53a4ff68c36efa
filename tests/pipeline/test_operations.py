"""What runs beside the pipeline: the quality gate's query and the stream of dead letters."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.spark

ROOT = Path(__file__).parents[2]
GATE = ROOT / "src/retail/queries/quality_gate.sql"
TABLE = """
CREATE OR REFRESH MATERIALIZED VIEW {name} AS
SELECT true AS is_complete, {good} AS is_valid, true AS is_consistent FROM range({number});
"""
THRESHOLDS = {"completeness": "0.95", "validity": "0.98", "consistency": "0.99"}


@pytest.fixture
def gate(project: Any) -> Callable[..., dict[str, Any]]:
    """Run the query over some kept and some quarantined transactions."""

    def run(kept: int, quarantined: int) -> dict[str, Any]:
        from millpond.engine.query import run_sql

        tables = TABLE.format(name="kept", good="true", number=kept)
        tables += TABLE.format(name="bad", good="false", number=quarantined)
        assert project.run({"tables.sql": tables}).state == "COMPLETED"
        names = {"kept": "kept", "quarantine": "bad"}
        query = GATE.read_text(encoding="utf-8")
        _, rows = run_sql(project.state, query, names | THRESHOLDS, GATE)
        return {dimension: (float(score), result) for dimension, score, _, result in rows}

    return run


def test_the_gate_lets_good_data_through(gate: Callable[..., dict[str, Any]]) -> None:
    assert gate(99, 1) == {
        "completeness": (1.0, "passed"),
        "validity": (0.99, "passed"),
        "consistency": (1.0, "passed"),
    }


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
