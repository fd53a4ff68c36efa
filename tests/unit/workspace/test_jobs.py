"""Jobs and runs, through the SDK."""

from __future__ import annotations

import datetime
import json
import time
from pathlib import Path
from typing import Any

import pytest
from databricks.sdk.errors import BadRequest
from databricks.sdk.service.dashboards import Dashboard
from databricks.sdk.service.jobs import (
    DashboardTask,
    PipelineTask,
    RunIf,
    RunResultState,
    SparkPythonTask,
    SqlTask,
    SqlTaskFile,
    Task,
    TaskDependency,
)
from databricks.sdk.service.workspace import ImportFormat

from millpond import codes
from millpond.errors import MillpondError

TIMEOUT = datetime.timedelta(seconds=30)


@pytest.fixture
def job(client: Any) -> Any:
    pipeline = client.pipelines.create(name="etl", catalog="main", schema="s", libraries=[])
    script = SparkPythonTask(python_file="/Workspace/x.py")
    update = [TaskDependency("update")]
    tasks = [
        Task("update", pipeline_task=PipelineTask(pipeline.pipeline_id)),
        Task("gate", depends_on=update, spark_python_task=script),
        Task("tell", depends_on=update, run_if=RunIf.ALL_DONE, spark_python_task=script),
    ]
    return client.jobs.create(name="nightly", tasks=tasks)


def test_a_run_runs_its_pipeline(client: Any, job: Any, updates: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("millpond.workspace.updates.UpdateRunner.run", _completed(updates))
    run = client.jobs.run_now(job.job_id).result(timeout=TIMEOUT)
    assert run.state.result_state is RunResultState.SUCCESS
    assert run.state.state_message == "Not run here: gate, tell."
    assert [asked.full_refresh_all for asked in updates.asked] == [False]


def test_a_task_after_a_failed_one_is_not_run(
    client: Any, job: Any, updates: Any, monkeypatch: Any
) -> None:
    updates.state = "FAILED"
    monkeypatch.setattr("millpond.workspace.updates.UpdateRunner.run", _completed(updates))
    run = client.jobs.run_now(job.job_id).result(timeout=TIMEOUT)
    assert run.state.result_state is RunResultState.FAILED
    states = {task.task_key: task.state.result_state for task in run.tasks}
    assert states["gate"] is RunResultState.UPSTREAM_FAILED
    assert states["tell"] is None


@pytest.fixture
def nightly(client: Any, tmp_path: Path, updates: Any, monkeypatch: Any) -> Any:
    """A job like the bundle's: the pipeline, a gate in SQL, a dashboard in any case."""
    monkeypatch.setattr("millpond.workspace.updates.UpdateRunner.run", _completed(updates))
    state = tmp_path / "workspace/pipelines/p/state"
    state.mkdir(parents=True)
    (state / "millpond-state.json").write_text("{}")
    client.workspace.mkdirs("/Workspace/q")
    client.workspace.upload("/Workspace/q/gate.sql", b"SELECT :least", format=ImportFormat.AUTO)
    queries = {"datasets": [{"name": "d", "queryLines": ["SELECT ", "2"]}], "pages": []}
    board = Dashboard(display_name="board", serialized_dashboard=json.dumps(queries))
    dashboard = client.lakeview.create(board, dataset_schema="silver")
    pipeline = client.pipelines.create(name="etl", catalog="main", schema="s", libraries=[])
    gate = SqlTask("w", file=SqlTaskFile("/Workspace/q/gate.sql"), parameters={"least": "0.9"})
    tasks = [
        Task("update", pipeline_task=PipelineTask(pipeline.pipeline_id)),
        Task("gate", depends_on=[TaskDependency("update")], sql_task=gate),
        Task(
            "show",
            depends_on=[TaskDependency("gate")],
            run_if=RunIf.ALL_DONE,
            dashboard_task=DashboardTask(dashboard_id=dashboard.dashboard_id),
        ),
    ]
    return client.jobs.create(name="nightly", tasks=tasks)


def test_queries_of_a_job_are_asked_here(client: Any, nightly: Any, updates: Any) -> None:
    run = client.jobs.run_now(nightly.job_id).result(timeout=TIMEOUT)
    assert run.state.result_state is RunResultState.SUCCESS
    assert run.state.state_message == ""
    assert updates.queries == [
        ("SELECT :least", {"least": "0.9"}, (None, None)),
        ("SELECT 2", {}, (None, "silver")),
    ]


def test_a_gate_that_raises_fails_the_run(client: Any, nightly: Any, updates: Any) -> None:
    def answer(text: str) -> list[Any]:
        if ":least" in text:
            raise MillpondError(codes.QUERY_FAILED, reason="validity is 0.5, below 0.9")
        return []

    updates.answer = answer
    found = client.jobs.run_now(nightly.job_id).result(timeout=TIMEOUT)
    assert found.state.result_state is RunResultState.FAILED
    states = {task.task_key: task.state.result_state for task in found.tasks}
    assert states == {
        "update": RunResultState.SUCCESS,
        "gate": RunResultState.FAILED,
        "show": RunResultState.SUCCESS,
    }
    assert "below 0.9" in found.tasks[1].state.state_message


def test_cancelling_a_run_stops_its_update(client: Any, nightly: Any, updates: Any) -> None:
    stopped: list[bool] = []

    def run_until_stopped() -> None:
        stopped.append(updates.asked[-1].stop.wait(20))
        updates.state = "CANCELED"

    updates.before = run_until_stopped
    waiter = client.jobs.run_now(nightly.job_id)
    while not updates.asked:
        time.sleep(0.01)
    client.jobs.cancel_run(waiter.run_id)
    run = client.jobs.wait_get_run_job_terminated_or_skipped(waiter.run_id, timeout=TIMEOUT)
    assert stopped == [True]
    assert run.state.result_state is RunResultState.CANCELED
    assert updates.queries == []


def _completed(updates: Any) -> Any:
    def run(self: Any, settings: Any, asked: Any, on_event: Any) -> str:
        updates.asked.append(asked)
        updates.before()
        return str(updates.state)

    return run


@pytest.mark.parametrize(
    "tasks",
    [
        [Task("a"), Task("a")],
        [Task("a", depends_on=[TaskDependency("b")])],
        [Task("a", job_cluster_key="none")],
        [Task("a", pipeline_task=PipelineTask("none"))],
    ],
)
def test_jobs_that_are_refused(client: Any, tasks: list[Task]) -> None:
    with pytest.raises(BadRequest):
        client.jobs.create(name="j", tasks=tasks)


def test_listed_changed_and_deleted(client: Any, job: Any) -> None:
    from databricks.sdk.service.jobs import JobSettings

    client.jobs.update(job.job_id, new_settings=JobSettings(max_concurrent_runs=2))
    assert client.jobs.get(job.job_id).settings.max_concurrent_runs == 2
    assert [each.settings.name for each in client.jobs.list(name="nightly")] == ["nightly"]
    client.jobs.delete(job.job_id)
    assert list(client.jobs.list()) == []
