"""The bundle of this repository: what it deploys to each target, and the golden rules it keeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlglot import parse_one
from sqlglot.expressions import Column

from millpond.bundle import Bundle, User, load_bundle
from millpond.bundle.sync import synced_files

ROOT = Path(__file__).parents[2]
TARGETS = ("dev", "prod", "classic")
EVENT_LOG = "retail_event_log"


def load(target: str, **options: Any) -> Bundle:
    return load_bundle(ROOT, target=target, environ={}, user=User("ann@example.com"), **options)


def resources(target: str, **options: Any) -> Any:
    return load(target, **options).configuration["resources"]


@pytest.mark.parametrize("target", TARGETS)
def test_no_target_has_a_warning(target: str) -> None:
    bundle = load(target)
    files, warnings = synced_files(bundle.sync)
    assert bundle.warnings + warnings == ()
    assert all(file.startswith("src/retail/") for file in files)


@pytest.mark.parametrize("target", TARGETS)
def test_the_pipeline_tells_about_failures_and_costs(target: str) -> None:
    pipeline = resources(target)["pipelines"]["retail"]
    alerts = {alert for each in pipeline["notifications"] for alert in each["alerts"]}
    assert alerts == {"on-update-failure", "on-update-fatal-failure", "on-flow-failure"}
    assert {"environment", "layer", "pipeline_type", "team"} <= pipeline["tags"].keys()
    assert (pipeline["edition"], pipeline["channel"]) == ("ADVANCED", "CURRENT")
    assert pipeline["event_log"]["name"] == EVENT_LOG


def test_production_is_serverless_or_has_four_workers() -> None:
    assert resources("prod")["pipelines"]["retail"]["serverless"] is True
    assert "clusters" not in resources("prod")["pipelines"]["retail"]
    classic = resources("classic")["pipelines"]["retail"]
    assert classic["serverless"] is False
    assert [each["num_workers"] for each in classic["clusters"]] == [4]


@pytest.mark.parametrize("target", TARGETS)
def test_no_stream_scales_or_runs_on_all_purpose_compute(target: str) -> None:
    text = json.dumps(resources(target))
    assert "autoscale" not in text
    assert "existing_cluster_id" not in text


def test_development_is_the_developers_own_and_does_not_start_by_itself() -> None:
    found = resources("dev")
    for job in found["jobs"].values():
        assert job["name"].startswith("[dev ann] ")
        assert job["trigger"]["pause_status"] == "PAUSED"
    assert found["pipelines"]["retail"]["development"] is True
    assert all(alert["schedule"]["pause_status"] == "PAUSED" for alert in found["alerts"].values())


@pytest.mark.parametrize("target", ["prod", "classic"])
def test_production_runs_as_nobody_in_person(target: str) -> None:
    found = resources(target)
    jobs_and_pipelines = [*found["jobs"].values(), *found["pipelines"].values()]
    for each in jobs_and_pipelines:
        assert each["run_as"] == {"service_principal_name": "retail-production"}
        assert {permission["group_name"] for permission in each["permissions"]} == {
            "retail-engineers",
            "retail-analysts",
        }


def test_the_gate_comes_after_the_update() -> None:
    tasks = {task["task_key"]: task for task in resources("prod")["jobs"]["retail_update"]["tasks"]}
    assert tasks["update_pipeline"]["pipeline_task"]["pipeline_id"]
    assert tasks["quality_gate"]["depends_on"] == [{"task_key": "update_pipeline"}]
    parameters = tasks["quality_gate"]["sql_task"]["parameters"]
    assert parameters == {
        "kept": "retail.silver.silver_transactions_validated",
        "quarantine": "retail.silver.quarantine_transactions",
        "completeness": "0.95",
        "validity": "0.98",
        "consistency": "0.99",
    }


def test_the_raw_stream_restarts_for_ever_on_fixed_workers() -> None:
    job = resources("prod")["jobs"]["dead_letters"]
    (task,), (cluster,) = job["tasks"], job["job_clusters"]
    assert task["max_retries"] == -1
    assert job["max_concurrent_runs"] == 1
    assert cluster["new_cluster"]["num_workers"] == 2
    conf = cluster["new_cluster"]["spark_conf"]
    assert conf["spark.streaming.stopGracefullyOnShutdown"] == "true"
    assert any(each.startswith("--checkpoint=/Volumes/") for each in parameters_of(task))


def parameters_of(task: Any) -> list[str]:
    return list(task["spark_python_task"]["parameters"])


def test_the_pipeline_may_run_for_ever_by_a_variable() -> None:
    assert resources("prod")["pipelines"]["retail"]["continuous"] is False
    continuous = resources("prod", variables={"continuous": "true"})
    assert continuous["pipelines"]["retail"]["continuous"] is True


def test_there_is_an_alert_for_each_rule() -> None:
    alerts = resources("prod")["alerts"]
    assert alerts.keys() == {
        "processing_delay",
        "data_quality_failure",
        "stream_failure",
        "low_throughput",
    }
    for alert in alerts.values():
        assert f"retail.silver.{EVENT_LOG}" in alert["query_text"]
        query = parse_one(alert["query_text"], dialect="databricks")
        assert query.named_selects == [alert["evaluation"]["source"]["name"]]


def test_the_dashboard_shows_what_its_queries_select() -> None:
    dashboard = resources("prod")["dashboards"]["retail_operations"]
    assert (dashboard["dataset_catalog"], dashboard["dataset_schema"]) == ("retail", "silver")
    file = ROOT / "resources" / dashboard["file_path"]
    document = json.loads(file.read_text(encoding="utf-8"))
    columns = {
        dataset["name"]: parse_one("".join(dataset["queryLines"]), dialect="databricks")
        for dataset in document["datasets"]
    }
    for page in document["pages"]:
        for widget in (each["widget"] for each in page["layout"]):
            (query,) = (each["query"] for each in widget["queries"])
            known = set(columns[query["datasetName"]].named_selects)
            named = {field["name"] for field in query["fields"]}
            used = {
                column.name
                for field in query["fields"]
                for column in parse_one(field["expression"], dialect="databricks").find_all(Column)
            }
            assert used <= known
            assert field_names(widget["spec"]["encodings"]) <= named


def field_names(encodings: Any) -> set[str]:
    """Every `fieldName` at any depth."""
    if isinstance(encodings, list):
        return {name for each in encodings for name in field_names(each)}
    if not isinstance(encodings, dict):
        return set()
    own = {encodings["fieldName"]} if "fieldName" in encodings else set()
    return own | {name for each in encodings.values() for name in field_names(each)}
