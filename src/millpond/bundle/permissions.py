"""The bundle's own `permissions` and `run_as`, given to each resource that takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from millpond.bundle.value import Value

_MANAGED_AND_VIEWED = {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_VIEW"}
_MANAGED_AND_READ = {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_READ"}

_LEVELS: Mapping[str, Mapping[str, str]] = {
    "alerts": {**_MANAGED_AND_READ, "CAN_RUN": "CAN_RUN"},
    "apps": {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_USE"},
    "dashboards": {**_MANAGED_AND_READ, "CAN_RUN": "CAN_RUN"},
    "experiments": _MANAGED_AND_READ,
    "jobs": {**_MANAGED_AND_VIEWED, "CAN_RUN": "CAN_MANAGE_RUN"},
    "model_serving_endpoints": {**_MANAGED_AND_VIEWED, "CAN_RUN": "CAN_QUERY"},
    "models": _MANAGED_AND_READ,
    "pipelines": {**_MANAGED_AND_VIEWED, "CAN_RUN": "CAN_RUN"},
}
"""Kind of resource: what the bundle's levels are called there. A level it lacks is left out."""

_RUN_AS = ("jobs", "pipelines", "alerts")
_PRINCIPALS = ("user_name", "group_name", "service_principal_name")


def spread_permissions(root: Value) -> Value:
    """The bundle with its permissions and `run_as` in its resources, whose own go before them."""
    resources = root.get("resources") or Value({}, root.at)
    for kind, of_kind in resources.mapping.items():
        changed = {key: _given(root, kind, each) for key, each in of_kind.mapping.items()}
        resources = resources.put(kind, replace(of_kind, data=changed))
    return root.put("resources", resources)


def _given(root: Value, kind: str, resource: Value) -> Value:
    run_as = root.get("run_as")
    if run_as is not None and kind in _RUN_AS and resource.get("run_as") is None:
        resource = resource.put("run_as", run_as)
    return _with_permissions(resource, root.get("permissions"), _LEVELS.get(kind, {}))


def _with_permissions(
    resource: Value, permissions: Value | None, levels: Mapping[str, str]
) -> Value:
    own = resource.get("permissions") or Value((), resource.at)
    taken = {_principal(each) for each in own.elements()}
    added = []
    for permission in permissions.elements() if permissions else ():
        level = permission.get("level")
        name = levels.get(str(level.data).upper()) if level is not None else None
        if level is not None and name is not None and _principal(permission) not in taken:
            added.append(permission.put("level", Value(name, level.at, level.key_at)))
    if not added:
        return resource
    return resource.put("permissions", Value((*own.elements(), *added), own.at, own.key_at))


def _principal(permission: Value) -> tuple[str, ...]:
    found = (permission.get(field) for field in _PRINCIPALS)
    return tuple(str(each.data) if each is not None else "" for each in found)
