"""Presets and development mode: what a target does to every resource of the bundle.

The rules are the CLI's: development mode sets presets that were not set, presets prefix names,
add tags, pause what has a schedule and make pipelines run in development.
"""

from __future__ import annotations

from collections.abc import Mapping

from millpond.bundle.problems import Problems
from millpond.bundle.value import Scalar, Value
from millpond.bundle.workspace import User, normalize
from millpond.codes import (
    BUNDLE_SETTINGS_CONFLICT,
    BUNDLE_VALUE_INVALID,
)

_NAMES = {
    "alerts": "display_name",
    "clusters": "cluster_name",
    "dashboards": "display_name",
    "genie_spaces": "title",
    "jobs": "name",
    "models": "name",
    "pipelines": "name",
    "sql_warehouses": "name",
}
_IDENTIFIERS = ("model_serving_endpoints", "registered_models", "schemas")
_TAGGED = ("jobs", "pipelines")
_PAUSED = ("schedule", "continuous", "trigger")
_DEFAULTS: Mapping[str, Mapping[str, Scalar]] = {
    "jobs": {"max_concurrent_runs": 1},
    "pipelines": {"edition": "ADVANCED", "channel": "CURRENT"},
    "volumes": {"volume_type": "MANAGED"},
}
_RUNS_IN_DEVELOPMENT = 4


def apply_mode(root: Value, user: User, problems: Problems) -> Value:
    """The bundle with the presets that its target's mode implies."""
    presets = root.get("presets") or Value({}, root.at)
    mode = _data(root, "bundle", "mode")
    if mode == "development":
        for key, default in (
            ("name_prefix", f"[dev {user.short_name}] "),
            ("jobs_max_concurrent_runs", _RUNS_IN_DEVELOPMENT),
            ("trigger_pause_status", "PAUSED"),
            ("pipelines_development", True),
        ):
            given = _data(presets, key)
            if given is not False and not given:
                presets = presets.set(key, default)
        tags = presets.get("tags") or Value({}, presets.at)
        if tags.get("dev") is None:
            presets = presets.put("tags", tags.set("dev", user.short_name))
    elif mode == "production":
        _check_production(root, problems)
    return root.put("presets", presets)


def apply_presets(root: Value) -> Value:
    """The bundle with presets and defaults in each of its resources."""
    presets = root.get("presets") or Value({}, root.at)
    resources = root.get("resources") or Value({}, root.at)
    keeps_schemas = _data(root, "experimental", "skip_name_prefix_for_schema") is True
    unprefixed = presets.set("name_prefix", "")
    for kind, of_kind in resources.mapping.items():
        changed = of_kind
        for key, resource in of_kind.mapping.items():
            given = unprefixed if kind == "schemas" and keeps_schemas else presets
            changed = changed.put(key, _with_presets(kind, key, resource, given))
        resources = resources.put(kind, changed)
    return root.put("resources", resources)


def identifier_prefix(prefix: str) -> str:
    """A name prefix in the form that schemas and models take: `[dev ann] ` is `dev_ann_`."""
    bare = prefix.replace("[", "").strip(" ")
    return normalize(bare.removesuffix("]")) + ("_" if bare.endswith("]") else "")


def _with_pipeline_presets(resource: Value, presets: Value) -> Value:
    if _data(presets, "pipelines_development") is True:
        resource = resource.set("development", True)
    if _data(presets, "trigger_pause_status") == "PAUSED" and resource.get("continuous"):
        resource = resource.set("continuous", False)
    return resource


def _with_presets(kind: str, key: str, resource: Value, presets: Value) -> Value:
    prefix = str(_data(presets, "name_prefix") or "")
    if kind in _NAMES:
        field = _NAMES[kind]
        resource = _renamed(resource, field, prefix + str(_data(resource, field) or key))
    elif kind in _IDENTIFIERS:
        name = identifier_prefix(prefix) + str(_data(resource, "name") or "")
        resource = _renamed(resource, "name", name)
    elif kind == "experiments":
        folder, slash, name = str(_data(resource, "name") or "").rpartition("/")
        resource = _renamed(resource, "name", f"{folder}{slash}{prefix}{name}")
    if kind in _TAGGED:
        resource = _with_tags(resource, presets)
    if kind == "jobs":
        resource = _with_job_presets(resource, presets)
    if kind == "pipelines":
        resource = _with_pipeline_presets(resource, presets)
    for field, default in _DEFAULTS.get(kind, {}).items():
        if _data(resource, field) is None:
            resource = resource.set(field, default)
    return resource


def _renamed(resource: Value, field: str, name: str) -> Value:
    place = resource.get(field) or resource
    return resource.put(field, Value(name, place.at, place.key_at))


def _with_tags(resource: Value, presets: Value) -> Value:
    wanted = presets.get("tags")
    tags = resource.get("tags") or Value({}, resource.at)
    for tag, value in sorted((wanted.mapping if wanted else {}).items()):
        if not _data(tags, tag):
            tags = tags.put(tag, value)
    return resource.put("tags", tags) if tags.mapping else resource


def _with_job_presets(job: Value, presets: Value) -> Value:
    runs = _data(presets, "jobs_max_concurrent_runs")
    if runs and not _data(job, "max_concurrent_runs"):
        job = job.set("max_concurrent_runs", runs)
    status = _data(presets, "trigger_pause_status")
    for field in _PAUSED:
        holder = job.get(field)
        if holder is not None and holder.mapping and not _data(holder, "pause_status"):
            job = job.put(field, holder.set("pause_status", status or "UNPAUSED"))
    return job


def _check_production(root: Value, problems: Problems) -> None:
    pipelines = root.get("resources", "pipelines")
    for pipeline in pipelines.elements() if pipelines else ():
        development = pipeline.get("development")
        if development is not None and development.data is True:
            problems.error(
                BUNDLE_SETTINGS_CONFLICT,
                development.name_at,
                first="development: true",
                second="a target of mode production",
            )


def check_presets(root: Value, problems: Problems) -> None:
    """Note BUNDLE_VALUE_INVALID if development mode is told not to pause triggers."""
    status = root.get("presets", "trigger_pause_status")
    if _data(root, "bundle", "mode") == "development" and status and status.data == "UNPAUSED":
        problems.error(
            BUNDLE_VALUE_INVALID,
            status.at,
            path="presets.trigger_pause_status",
            value=status.data,
            allowed="PAUSED, in development mode",
        )


def _data(value: Value, *path: str) -> Scalar:
    found = value.get(*path)
    if found is None or isinstance(found.data, Mapping | tuple):
        return None
    return found.data
