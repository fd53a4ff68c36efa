"""The bundle's queries, unchanged, against what the runs' own summaries say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from updates import Updates

pytestmark = [pytest.mark.spark, pytest.mark.timeout(900)]

QUERIES = Path(__file__).parents[2] / "src/retail/queries"
LOG = "retail_dev.silver.retail_event_log"


def ask(state: Path, query: str, **parameters: str) -> list[dict[str, Any]]:
    from millpond.engine.query import run_sql

    file = QUERIES / f"{query}.sql"
    columns, rows = run_sql(state, file.read_text(encoding="utf-8"), parameters, file)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def test_every_update_is_in_the_history(updates: Updates) -> None:
    history = ask(updates.state, "update_history", event_log=LOG)
    runs = [updates.last, updates.again, updates.first]
    assert [row["update_id"] for row in history] == [run.update_id for run in runs]
    assert {row["state"] for row in history} == {"COMPLETED"}
    for row, run in zip(history, runs, strict=True):
        assert float(row["seconds"]) == pytest.approx(run.seconds, abs=0.2)


def test_pass_rates_are_those_of_the_summaries(updates: Updates) -> None:
    told = {}
    for run in (updates.first, updates.again, updates.last):
        for dataset in run.datasets:
            for each in dataset.expectations:
                passed, failed = told.get((dataset.name, each.name), (0, 0))
                told[dataset.name, each.name] = (passed + each.passed, failed + each.failed)
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row in ask(updates.state, "expectation_pass_rates", event_log=LOG):
        passed, failed = found.get((row["dataset"], row["expectation"]), (0, 0))
        found[row["dataset"], row["expectation"]] = (
            passed + row["passed"],
            failed + row["failed"],
        )
    counted = {key: numbers for key, numbers in told.items() if sum(numbers)}
    assert {key: found[key] for key in counted} == counted


def test_flows_of_the_latest_update_with_their_rows(updates: Updates) -> None:
    rows = ask(updates.state, "slowest_flows", event_log=LOG)
    assert [row["seconds"] for row in rows] == sorted((r["seconds"] for r in rows), reverse=True)
    written = {each.name: each.rows_written for each in updates.last.datasets if each.rows_written}
    assert {row["flow"]: row["output_rows"] for row in rows if row["output_rows"]} == written


def test_every_table_is_fresh(updates: Updates) -> None:
    rows = ask(updates.state, "freshness", event_log=LOG)
    tables = {each.name for each in updates.last.datasets if each.kind != "VIEW"}
    assert {row["dataset"] for row in rows} == tables
    assert all(0 <= row["hours_ago"] < 1 for row in rows)


def test_no_stream_is_behind(updates: Updates) -> None:
    rows = ask(updates.state, "backlog", event_log=LOG)
    assert {row["backlog_bytes"] for row in rows} == {0}
    streams = {each.name for each in updates.last.datasets if each.kind == "STREAMING_TABLE"}
    changes = {"retail_dev.silver.dim_customers": "retail_dev.silver.current_customers"}
    changes["retail_dev.silver.dim_customers_history"] = "retail_dev.silver.customers_over_time"
    streams.remove("retail_dev.silver.dim_products_history")  # whole price lists: nothing is behind
    assert {row["flow"] for row in rows} >= {changes.get(each, each) for each in streams}


def test_lineage_up_and_down(updates: Updates) -> None:
    up = ask(updates.state, "lineage_upstream", table="retail_dev.gold.gold_customer_rfm")
    near = {row["name"]: row["distance"] for row in up}
    assert near["retail_dev.silver.silver_transactions"] == 1
    assert near["retail_dev.bronze.bronze_transactions"] > 1
    down = ask(updates.state, "lineage_downstream", table="retail_dev.bronze.bronze_transactions")
    far = {row["name"]: row["distance"] for row in down}
    assert far["retail_dev.silver.quarantine_transactions"] >= 1
    assert far["retail_dev.gold.gold_customer_rfm"] == near["retail_dev.bronze.bronze_transactions"]


def test_what_only_a_workspace_knows_has_no_rows(updates: Updates) -> None:
    assert ask(updates.state, "cost_per_pipeline") == []
    assert ask(updates.state, "failed_updates", event_log=LOG) == []


def test_a_failed_update_is_told_with_its_cause(project: Any) -> None:
    source = "CREATE MATERIALIZED VIEW t AS SELECT * FROM missing"
    project.run({"t.sql": source}, settings={"event_log": {"name": "log"}})
    (row,) = ask(project.state, "failed_updates", event_log="main.default.log")
    assert "missing" in row["cause"]
