"""A job of the bundle as the event log keeps it, for `system.lakeflow.jobs` (reference 6.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_STARTED_BY = ("file_arrival", "periodic", "table_update")


def job_details(key: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """What the system tables tell of a job, from its settings; a local job has its key for an id.

    Nothing is told that only a workspace gives, as who made it and when.
    """
    trigger = _mapping(settings, "trigger")
    schedule, continuous = _mapping(settings, "schedule"), _mapping(settings, "continuous")
    started: dict[str, Any] = {name: trigger[name] for name in _STARTED_BY if trigger.get(name)}
    if "periodic" in started:
        started["periodic"] = {**started["periodic"], "units": started["periodic"].get("unit")}
    if schedule:
        started["schedule"] = dict(schedule)
    if continuous:
        started["continuous"] = {"enabled": continuous.get("pause_status") != "PAUSED"}
    paused = [each.get("pause_status") for each in (trigger, schedule, continuous) if each]
    run_as = _mapping(settings, "run_as")
    return {
        "job_id": key,
        "name": settings.get("name"),
        "description": settings.get("description"),
        "tags": {name: str(value) for name, value in _mapping(settings, "tags").items()},
        "run_as": next((str(value) for value in run_as.values()), None),
        "trigger": started or None,
        "paused": "PAUSED" in paused if paused else None,
        "timeout_seconds": settings.get("timeout_seconds"),
        "health_rules": [
            {"metric": each.get("metric"), "operator": each.get("op"), "value": each.get("value")}
            for each in _mapping(settings, "health").get("rules") or ()
        ],
        "tasks": [_task(each) for each in _list(settings, "tasks")],
    }


def _task(task: Mapping[str, Any]) -> dict[str, Any]:
    before = [each.get("task_key") for each in _list(task, "depends_on")]
    return {"task_key": task.get("task_key"), "depends_on_keys": before}


def _mapping(settings: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = settings.get(key)
    return found if isinstance(found, Mapping) else {}


def _list(settings: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    found = settings.get(key)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []
