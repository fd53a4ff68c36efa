"""What the parts of a job call each other."""

from collections.abc import Callable

import pytest

from millpond.bundle import Bundle
from millpond.errors import MillpondError

JOB = """
bundle: {name: b}
resources:
  jobs:
    j:
      job_clusters: [{job_cluster_key: small, new_cluster: {num_workers: 1}}]
      environments: [{environment_key: default}]
      tasks:
        - {task_key: extract, job_cluster_key: small, environment_key: default}
        - {task_key: load, depends_on: [{task_key: extract}]}
        - {task_key: report, %s}
"""


@pytest.mark.parametrize("more", ["depends_on: [{task_key: load}]", "job_cluster_key: '${var.k}'"])
def test_keys_that_are_defined(load: Callable[..., Bundle], more: str) -> None:
    variables = "variables: {k: {default: small}}\n"
    assert load(JOB % more + variables).warnings == ()


def test_a_task_that_is_not_there(errors: Callable[..., tuple[MillpondError, ...]]) -> None:
    (error,) = errors(JOB % "depends_on: [{task_key: laod}]")
    assert error.code.name == "BUNDLE_KEY_UNKNOWN"
    assert error.at is not None
    assert (error.at.line, error.at.column) == (10, 54)
    assert error.params["name"] == "laod"
    assert "load" in error.hint


@pytest.mark.parametrize("field", ["job_cluster_key", "environment_key"])
def test_a_cluster_or_environment_that_is_not_there(
    load: Callable[..., Bundle], field: str
) -> None:
    (warning,) = load(JOB % f"{field}: big").warnings
    assert (warning.code.name, warning.params["field"]) == ("BUNDLE_KEY_UNKNOWN", field)


def test_tasks_that_wait_for_each_other(errors: Callable[..., tuple[MillpondError, ...]]) -> None:
    text = JOB % "depends_on: [{task_key: publish}]"
    text += "        - {task_key: publish, depends_on: [{task_key: report}]}\n"
    text += "        - {task_key: after, depends_on: [{task_key: publish}]}\n"
    (error,) = errors(text)
    assert error.code.name == "BUNDLE_TASK_CYCLE"
    assert error.params == {"job": "j", "tasks": "report, publish"}
    assert error.at is not None
    assert error.at.line == 10


def test_the_jobs_that_run_a_pipeline() -> None:
    from millpond.bundle.jobs import jobs_running

    runs = {"tasks": [{"pipeline_task": {"pipeline_id": "some-id"}}]}
    others = {"tasks": [{"sql_task": {}}, {"pipeline_task": {"pipeline_id": "other"}}]}
    configuration = {"resources": {"jobs": {"a": runs, "b": others, "c": {}}}}
    assert jobs_running(configuration, "some-id") == {"a": runs}
    assert jobs_running({}, "some-id") == {}
