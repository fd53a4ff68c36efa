"""What is told of a job of the bundle, and as which rows of the system tables."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from millpond.events.jobs import job_details

JOB = {
    "name": "nightly",
    "tags": {"team": "data"},
    "trigger": {"periodic": {"interval": 1, "unit": "HOURS"}, "pause_status": "PAUSED"},
    "timeout_seconds": 60,
    "health": {"rules": [{"metric": "RUN_DURATION_SECONDS", "op": "GREATER_THAN", "value": 5}]},
    "tasks": [
        {"task_key": "update", "pipeline_task": {"pipeline_id": "p"}},
        {"task_key": "gate", "depends_on": [{"task_key": "update"}]},
    ],
}


def test_a_job_is_told_by_its_settings() -> None:
    found = job_details("nightly_job", JOB)
    assert (found["job_id"], found["name"], found["paused"]) == ("nightly_job", "nightly", True)
    assert found["trigger"]["periodic"]["units"] == "HOURS"
    assert found["health_rules"][0]["operator"] == "GREATER_THAN"
    assert found["tasks"][1] == {"task_key": "gate", "depends_on_keys": ["update"]}


@pytest.mark.parametrize(
    ("settings", "trigger", "paused"),
    [
        ({}, None, None),
        ({"continuous": {"pause_status": "UNPAUSED"}}, {"continuous": {"enabled": True}}, False),
        (
            {"schedule": {"quartz_cron_expression": "0 0 * * * ?", "timezone_id": "UTC"}},
            {"schedule": {"quartz_cron_expression": "0 0 * * * ?", "timezone_id": "UTC"}},
            False,
        ),
    ],
)
def test_what_starts_it(settings: dict[str, Any], trigger: Any, paused: bool | None) -> None:
    found = job_details("j", settings)
    assert (found["trigger"], found["paused"]) == (trigger, paused)


@pytest.mark.spark
def test_a_row_for_each_state_of_a_job_and_one_a_task(spark: Any) -> None:
    from millpond.events.system import system_table

    def created(hour: int, **changed: Any) -> tuple[str, str, datetime]:
        jobs = [job_details("j", {**JOB, **changed})]
        body = {"create_update": {"run_as": "ann", "millpond": {"jobs": jobs}}}
        return "create_update", json.dumps(body), datetime(2026, 1, 1, hour, tzinfo=timezone.utc)

    rows = [created(1), created(2), created(3, name="renamed"), ("flow_progress", "{}", None)]
    events = spark.createDataFrame(rows, "event_type string, details string, timestamp timestamp")
    jobs = system_table(spark, "system.lakeflow.jobs", events).orderBy("change_time").collect()
    assert [(row.job_id, row.name, row.run_as, row.paused) for row in jobs] == [
        ("j", "nightly", "ann", True),
        ("j", "renamed", "ann", True),
    ]
    assert jobs[0].trigger.periodic.units == "HOURS"
    tasks = system_table(spark, "system.lakeflow.job_tasks", events).collect()
    assert {(row.task_key, tuple(row.depends_on_keys)) for row in tasks} == {
        ("update", ()),
        ("gate", ("update",)),
    }
