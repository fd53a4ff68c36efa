"""What the parts of a job call each other: task keys, cluster keys, environment keys."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from millpond.bundle.problems import Problems
from millpond.bundle.references import refers
from millpond.bundle.suggest import did_you_mean
from millpond.bundle.value import Value
from millpond.codes import BUNDLE_KEY_UNKNOWN, BUNDLE_TASK_CYCLE

_BY_KEY = {"job_cluster_key": "job_clusters", "environment_key": "environments"}


def check_jobs(resources: Value, problems: Problems) -> None:
    """Note what a task names and its job does not define, and tasks that wait for each other.

    BUNDLE_KEY_UNKNOWN is an error for a task, as no job can be made of it, and a warning for
    a cluster or an environment, as in the CLI.
    """
    jobs = resources.get("jobs")
    for key, job in (jobs.mapping if jobs else {}).items():
        tasks = _by_key(job, "tasks", "task_key")
        for task in tasks.values():
            for field, defined_in in _BY_KEY.items():
                known = _by_key(job, defined_in, field)
                _check(task.get(field), field, known, f"the job {key!r}", problems, fatal=False)
            for waited_for in _waits_for(task):
                _check(waited_for, "task_key", tasks, f"the job {key!r}", problems, fatal=True)
        _check_order(key, tasks, problems)


def jobs_running(
    configuration: Mapping[str, object], pipeline_id: str
) -> dict[str, Mapping[str, object]]:
    """The settings of the jobs that have a pipeline, by its local id, as a task."""
    resources = configuration.get("resources")
    jobs = resources.get("jobs") if isinstance(resources, Mapping) else None
    found: dict[str, Mapping[str, object]] = {}
    for key, job in jobs.items() if isinstance(jobs, Mapping) else ():
        tasks = job.get("tasks") or () if isinstance(job, Mapping) else ()
        named = [(each.get("pipeline_task") or {}).get("pipeline_id") for each in tasks]
        if pipeline_id in named:
            found[key] = job
    return found


def _by_key(job: Value, field: str, key: str) -> dict[str, Value]:
    elements = job.get(field)
    named = [(each.get(key), each) for each in (elements.elements() if elements else ())]
    return {name.text: each for name, each in named if name is not None and name.text}


def _waits_for(task: Value) -> list[Value]:
    depends_on = task.get("depends_on")
    found = [each.get("task_key") for each in (depends_on.elements() if depends_on else ())]
    return [each for each in found if each is not None]


def _check(
    name: Value | None,
    field: str,
    known: Mapping[str, Value],
    where: str,
    problems: Problems,
    *,
    fatal: bool,
) -> None:
    if name is None or not name.text or name.text in known or refers(name.text):
        return
    note = problems.error if fatal else problems.warn
    note(
        BUNDLE_KEY_UNKNOWN,
        name.at,
        hint=did_you_mean(name.text, known),
        field=field,
        name=name.text,
        where=where,
        known=", ".join(known) or "none",
    )


def _check_order(job: str, tasks: Mapping[str, Value], problems: Problems) -> None:
    waits_for = {
        key: [each.text for each in _waits_for(task) if each.text in tasks]
        for key, task in tasks.items()
    }
    try:
        TopologicalSorter(waits_for).prepare()
    except CycleError as error:
        circle = [key for key in tasks if key in error.args[1]]
        at = tasks[circle[0]].get("depends_on") or tasks[circle[0]]
        problems.error(BUNDLE_TASK_CYCLE, at.name_at, job=job, tasks=", ".join(circle))
