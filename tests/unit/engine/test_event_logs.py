"""The event log and the system tables, asked with the queries that are written for Databricks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from millpond import codes
from millpond.engine.query import run_sql
from millpond.errors import MillpondError

pytestmark = pytest.mark.spark

SOURCE = """
    import dlt

    @dlt.table
    @dlt.expect_or_drop("small", "id < 3")
    def numbers():
        return spark.range(5)

    @dlt.table
    def doubled():
        return dlt.read("numbers").selectExpr("id * 2 AS id")
"""


@pytest.fixture(scope="module")
def ran(shared_project: Any) -> Any:
    """Two updates: one of everything, one of a single table."""
    shared_project.run(SOURCE)
    shared_project.run(SOURCE, refresh=("numbers",))
    return shared_project


def ask(project: Any, query: str) -> list[tuple[Any, ...]]:
    return list(run_sql(project.state, query)[1])


def test_the_log_of_the_pipeline_that_fills_a_table(ran: Any) -> None:
    rows = ask(
        ran,
        """
        SELECT e.name, sum(e.passed_records), sum(e.failed_records)
        FROM (
          SELECT explode(from_json(details:flow_progress.data_quality.expectations,
            'array<struct<name string, dataset string, passed_records int, failed_records int>>'
          )) AS e
          FROM event_log(TABLE(main.default.numbers))
          WHERE event_type = 'flow_progress'
        )
        GROUP BY e.name
        """,
    )
    assert rows == [("small", 3, 2)]


def test_a_view_over_the_log_and_a_path_into_its_details(ran: Any) -> None:
    rows = ask(
        ran,
        """
        WITH event_log_raw AS (SELECT * FROM event_log(TABLE(doubled))),
        latest AS (
          SELECT origin.update_id AS id FROM event_log_raw
          WHERE event_type = 'create_update' ORDER BY timestamp DESC LIMIT 1
        )
        SELECT details:update_progress.state AS state
        FROM event_log_raw, latest
        WHERE event_type = 'update_progress' AND origin.update_id = latest.id
        ORDER BY timestamp
        """,
    )
    assert [state for (state,) in rows][-2:] == ["RUNNING", "COMPLETED"]


def test_an_id_of_a_workspace_means_the_pipeline_that_ran_here(ran: Any) -> None:
    query = "SELECT count(DISTINCT origin.update_id) FROM event_log('{}')"
    mine = ask(ran, query.format(ran.spec({}).pipeline_id))
    assert ask(ran, query.format("0a1b2c3d-0000-0000-0000-000000000000")) == mine == [(2,)]


@pytest.mark.parametrize(
    ("argument", "code"),
    [
        ("TABLE(nothing)", codes.TABLE_OR_VIEW_NOT_FOUND),
        ("42", codes.EVENT_LOG_ARGUMENT),
        ("'a', 'b'", codes.EVENT_LOG_ARGUMENT),
    ],
)
def test_what_the_function_does_not_take(ran: Any, argument: str, code: codes.Code) -> None:
    with pytest.raises(MillpondError) as caught:
        ask(ran, f"SELECT * FROM event_log({argument})")
    assert caught.value.code is code


def test_updates_in_the_timeline(ran: Any) -> None:
    rows = ask(
        ran,
        """
        SELECT update_type, trigger_type, result_state, compute.type, refresh_selection,
          period_end_time > period_start_time
        FROM system.lakeflow.pipeline_update_timeline ORDER BY period_start_time
        """,
    )
    assert [row[:4] for row in rows] == [
        ("REFRESH", "USER_ACTION", "COMPLETED", "CLASSIC_COMPUTE")
    ] * 2
    assert [row[4] for row in rows] == [[], ["numbers"]]
    assert all(row[5] for row in rows)


def test_pipelines_have_a_row_for_each_state_of_their_settings(ran: Any) -> None:
    query = "SELECT name, pipeline_type, create_time = change_time FROM system.lakeflow.pipelines"
    assert ask(ran, query) == [("test", "ETL_PIPELINE", True)]


def test_lineage_leads_from_table_to_table(ran: Any) -> None:
    rows = ask(
        ran,
        """
        SELECT DISTINCT source_table_full_name, source_table_schema, target_table_name, target_type
        FROM system.access.table_lineage WHERE source_table_full_name IS NOT NULL
        """,
    )
    assert rows == [("main.default.numbers", "default", "doubled", "MATERIALIZED_VIEW")]


def test_events_of_all_pipelines_with_details_as_a_variant(ran: Any) -> None:
    query = """
        SELECT DISTINCT variant_get(details, '$.create_update.cause', 'string')
        FROM system.lakeflow_pipeline_events_preview.pipeline_events
        WHERE event_type = 'create_update'
    """
    assert ask(ran, query) == [("USER_ACTION",)]


def test_cost_has_columns_and_no_rows(ran: Any) -> None:
    query = """
        SELECT u.sku_name, sum(u.usage_quantity * p.pricing.effective_list.default)
        FROM system.billing.usage u
        JOIN system.billing.list_prices p ON u.sku_name = p.sku_name AND u.cloud = p.cloud
        WHERE u.usage_metadata.dlt_pipeline_id IS NOT NULL
        GROUP BY u.sku_name
    """
    assert ask(ran, query) == []


@pytest.mark.parametrize("table", ["jobs", "job_tasks", "job_run_timeline"])
def test_jobs_have_columns_and_no_rows(ran: Any, table: str) -> None:
    assert ask(ran, f"SELECT job_id FROM system.lakeflow.{table}") == []


def test_a_published_log_is_read_by_its_name(project: Any) -> None:
    """In the pipeline too, where it holds what earlier updates left."""
    source = {
        "a.sql": "CREATE MATERIALIZED VIEW a AS SELECT 1 AS n",
        "seen.sql": """
            CREATE MATERIALIZED VIEW seen AS
            SELECT count(DISTINCT origin.update_id) AS updates FROM ops.logs.events
        """,
    }
    settings = {"event_log": {"catalog": "ops", "schema": "logs", "name": "events"}}
    for updates in (0, 1):
        assert project.run(source, settings=settings).errors == ()
        assert ask(project, "SELECT updates FROM seen") == [(updates,)]
    assert ask(project, "SELECT count(DISTINCT origin.update_id) FROM ops.logs.events") == [(2,)]


def test_a_stream_tells_its_progress_and_that_nothing_is_left(project: Any) -> None:
    path = project.data("orders", [(1,), (2,)], "id INT")
    project.run(
        f"""
        import dlt
        @dlt.table
        def orders():
            return spark.readStream.format("delta").load({path!r})
        """
    )
    events = {event.event_type: event for event in project.events}
    told = json.loads(events["stream_progress"].body["progress_json"])
    assert (told["batchId"], told["name"].split()[0]) == (0, "main.default.orders")
    assert "numInputRows" not in told
    assert "processedRowsPerSecond" not in told["sources"][0]
    (backlog,) = (
        event.body["metrics"]
        for event in project.events
        if "source_metrics" in event.body.get("metrics", {})
    )
    assert (backlog["backlog_bytes"], backlog["backlog_files"]) == (0, 0)
    assert events["user_action"].body["action"] == "START"
    assert "Spark" in events["runtime_details"].body["dbr_version"]
