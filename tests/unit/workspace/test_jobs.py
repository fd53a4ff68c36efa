"""Jobs and runs, through the SDK."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from databricks.sdk.errors import BadRequest
from databricks.sdk.service.jobs import (
    PipelineTask,
    RunIf,
    RunResultState,
    SparkPythonTask,
    Task,
    TaskDependency,
)

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


def _completed(updates: Any) -> Any:
    def run(self: Any, settings: Any, asked: Any, on_event: Any) -> str:
        updates.asked.append(asked)
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
