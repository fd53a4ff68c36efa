"""Jobs and their runs: `/api/2.2/jobs` and its older versions."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

from millpond.workspace.api import ApiError, Request, Router, invalid, not_found
from millpond.workspace.permissions import Permissions
from millpond.workspace.pipelines import Pipelines
from millpond.workspace.tasks import Tasks

_FIRST_JOB, _FIRST_RUN = 1001, 5001
_POLL = 0.05
_RUN_ANYWAY = ("ALL_DONE", "AT_LEAST_ONE_FAILED", "ALL_FAILED")
_NOT_RUN = "This workspace runs pipelines, SQL files and dashboards."


class Jobs:
    """The jobs of the workspace. Tasks that need a cluster of their own are skipped in a run."""

    def __init__(
        self, user: str, pipelines: Pipelines, tasks: Tasks, permissions: Permissions
    ) -> None:
        self._user = user
        self._pipelines = pipelines
        self._tasks = tasks
        self._permissions = permissions
        self._jobs: dict[int, dict[str, Any]] = {}
        self._runs: dict[int, dict[str, Any]] = {}
        self._cancelled: set[int] = set()
        self._running: dict[int, str] = {}

    def register(self, router: Router) -> None:
        """Take the requests about jobs and runs."""
        for version in ("2.0", "2.1", "2.2"):
            for method, path, handler in (
                ("POST", "create", self._create),
                ("POST", "reset", self._reset),
                ("POST", "update", self._update),
                ("POST", "delete", self._delete),
                ("GET", "get", self._get),
                ("GET", "list", self._list),
                ("POST", "run-now", self._run_now),
                ("GET", "runs/get", self._get_run),
                ("GET", "runs/list", self._list_runs),
                ("POST", "runs/cancel", self._cancel),
            ):
                router.add(method, f"/api/{version}/jobs/{path}", handler)

    def _create(self, request: Request) -> dict[str, Any]:
        settings = self._checked(request.json())
        identity = _FIRST_JOB + len(self._jobs)
        self._jobs[identity] = {
            "job_id": identity,
            "settings": settings,
            "creator_user_name": self._user,
            "created_time": _now(),
        }
        self._permissions.own("jobs", str(identity))
        return {"job_id": identity}

    def _reset(self, request: Request) -> dict[str, Any]:
        self._found(request)["settings"] = self._checked(request.json().get("new_settings") or {})
        return {}

    def _update(self, request: Request) -> dict[str, Any]:
        job, body = self._found(request), request.json()
        kept = {
            k: v for k, v in job["settings"].items() if k not in body.get("fields_to_remove", ())
        }
        job["settings"] = self._checked({**kept, **(body.get("new_settings") or {})})
        return {}

    def _delete(self, request: Request) -> dict[str, Any]:
        identity = self._found(request)["job_id"]
        self._jobs[identity] = {**self._jobs[identity], "deleted": True}
        self._permissions.forget("jobs", str(identity))
        return {}

    def _get(self, request: Request) -> dict[str, Any]:
        return self._found(request)

    def _list(self, request: Request) -> dict[str, Any]:
        name = request.query.get("name")
        found = [
            job
            for job in self._jobs.values()
            if not job.get("deleted") and name in (None, job["settings"].get("name"))
        ]
        return {"jobs": found, "has_more": False}

    def _run_now(self, request: Request) -> dict[str, Any]:
        job = self._found(request)
        identity = _FIRST_RUN + len(self._runs)
        tasks = [
            {"task_key": task["task_key"], "run_id": identity * 100 + number, "state": _pending()}
            for number, task in enumerate(job["settings"].get("tasks") or [])
        ]
        run = {
            "run_id": identity,
            "job_id": job["job_id"],
            "run_name": job["settings"].get("name"),
            "run_type": "JOB_RUN",
            "start_time": _now(),
            "creator_user_name": self._user,
            "state": _pending(),
            "tasks": tasks,
        }
        self._runs[identity] = run
        settings = job["settings"]
        threading.Thread(target=self._run, args=(run, settings), daemon=True).start()
        return {"run_id": identity, "number_in_job": identity}

    def _cancel(self, request: Request) -> dict[str, Any]:
        identity = self._get_run(request)["run_id"]
        self._cancelled.add(identity)
        if identity in self._running:
            self._pipelines.stop(self._running[identity])
        return {}

    def _get_run(self, request: Request) -> dict[str, Any]:
        identity = request.required("run_id")
        if not identity.isdecimal() or int(identity) not in self._runs:
            raise not_found("Run", identity)
        return self._runs[int(identity)]

    def _list_runs(self, request: Request) -> dict[str, Any]:
        wanted = request.query.get("job_id")
        found = [r for r in self._runs.values() if wanted in (None, str(r["job_id"]))]
        return {"runs": found[::-1], "has_more": False}

    def _run(self, run: dict[str, Any], settings: Mapping[str, Any]) -> None:
        run["state"] = {"life_cycle_state": "RUNNING", "state_message": ""}
        results: dict[str, str] = {}
        shown = {task["task_key"]: task for task in run["tasks"]}
        for task in _in_order(settings.get("tasks") or []):
            waited_for = [results[e["task_key"]] for e in task.get("depends_on") or []]
            failed = any(each not in ("SUCCESS", "") for each in waited_for)
            if run["run_id"] in self._cancelled:
                result, message = "CANCELED", "The run was cancelled."
            elif failed and task.get("run_if") not in _RUN_ANYWAY:
                result, message = "UPSTREAM_FAILED", "A task before it has failed."
            elif "pipeline_task" in task:
                result, message = self._run_pipeline(task["pipeline_task"], run["run_id"])
            else:
                result, message = self._tasks.run(task) or ("", _NOT_RUN)
            results[task["task_key"]] = result
            shown[task["task_key"]]["state"] = _ended(result, message)
        failed = any(result not in ("SUCCESS", "") for result in results.values())
        run["end_time"] = _now()
        skipped = sorted(key for key, result in results.items() if not result)
        message = f"Not run here: {', '.join(skipped)}." if skipped else ""
        cancelled = "CANCELED" in results.values()
        result = "CANCELED" if cancelled else "FAILED" if failed else "SUCCESS"
        run["state"] = _ended(result, message)

    def _run_pipeline(self, task: Mapping[str, Any], run_id: int) -> tuple[str, str]:
        try:
            update_id, update = self._pipelines.start(task["pipeline_id"], task, "JOB_TASK")
        except ApiError as error:
            return "FAILED", str(error)
        self._running[run_id] = task["pipeline_id"]
        while update.state not in ("COMPLETED", "FAILED", "CANCELED"):
            time.sleep(_POLL)
        del self._running[run_id]
        result = {"COMPLETED": "SUCCESS", "CANCELED": "CANCELED"}.get(update.state, "FAILED")
        return result, f"Update {update_id} is {update.state}."

    def _checked(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        tasks = settings.get("tasks") or []
        keys = [task.get("task_key") for task in tasks]
        if None in keys or len(set(keys)) < len(keys):
            raise invalid("Each task needs a task_key of its own.")
        clusters = {each.get("job_cluster_key") for each in settings.get("job_clusters") or []}
        for task in tasks:
            for needed in task.get("depends_on") or []:
                if needed.get("task_key") not in keys:
                    raise invalid(f"Task {needed.get('task_key')} does not exist.")
            if task.get("job_cluster_key") not in (None, *clusters):
                raise invalid(f"Job cluster {task['job_cluster_key']} is not defined.")
            pipeline = task.get("pipeline_task", {}).get("pipeline_id")
            if pipeline is not None and not self._pipelines.exists(pipeline):
                raise invalid(f"Pipeline {pipeline} does not exist.")
            if settings.get("continuous") and task.get("max_retries"):
                raise invalid("Tasks of a continuous job cannot have max_retries.")
        return dict(settings)

    def _found(self, request: Request) -> dict[str, Any]:
        identity = request.required("job_id")
        job = self._jobs.get(int(identity)) if identity.isdecimal() else None
        if job is None or job.get("deleted"):
            raise ApiError(400, "INVALID_PARAMETER_VALUE", f"Job {identity} does not exist.")
        return job


def _in_order(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from graphlib import TopologicalSorter

    by_key = {task["task_key"]: task for task in tasks}
    waits_for = {
        key: [each["task_key"] for each in task.get("depends_on") or []]
        for key, task in by_key.items()
    }
    return [by_key[key] for key in TopologicalSorter(waits_for).static_order()]


def _pending() -> dict[str, str]:
    return {"life_cycle_state": "PENDING", "state_message": ""}


def _ended(result: str, message: str) -> dict[str, str]:
    if not result:
        return {"life_cycle_state": "SKIPPED", "state_message": message}
    state = "SKIPPED" if result == "UPSTREAM_FAILED" else "TERMINATED"
    return {"life_cycle_state": state, "result_state": result, "state_message": message}


def _now() -> int:
    return int(time.time() * 1000)
