"""What is sent to create each resource of a bundle: the CLI's requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_NOT_SENT = frozenset(
    ("permissions", "grants", "lifecycle", "id", "file_path", "embed_credentials")
)


@dataclass(frozen=True, slots=True)
class Kind:
    """How resources of one kind are created.

    Attributes:
        path: where the request goes.
        id: the field of the answer that has the new object's id.
        permissions: what `/api/2.0/permissions` calls the kind, or None.
        securable: what Unity Catalog's grants call the kind, or None.
    """

    path: str
    id: str
    permissions: str | None = None
    securable: str | None = None


KINDS: Mapping[str, Kind] = {
    "schemas": Kind("/api/2.1/unity-catalog/schemas", "full_name", securable="schema"),
    "volumes": Kind("/api/2.1/unity-catalog/volumes", "full_name", securable="volume"),
    "pipelines": Kind("/api/2.0/pipelines", "pipeline_id", "pipelines"),
    "dashboards": Kind("/api/2.0/lakeview/dashboards", "dashboard_id", "dashboards"),
    "alerts": Kind("/api/2.0/alerts", "id", "alertsv2"),
    "jobs": Kind("/api/2.2/jobs/create", "job_id", "jobs"),
}
"""The kinds that can be deployed here, in the order in which they are."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where things of the deployment are in the workspace, and its files here."""

    files: str
    resources: str
    state: str
    local: Path


def body_of(kind: str, resource: Mapping[str, Any], places: Places) -> dict[str, Any]:
    """The body that creates a resource; ids in it are still the made-up ones."""
    body = {key: value for key, value in resource.items() if key not in _NOT_SENT}
    deployment = {"kind": "BUNDLE", "metadata_file_path": f"{places.state}/metadata.json"}
    if kind == "pipelines":
        body["deployment"] = deployment
    elif kind == "jobs":
        body.setdefault("queue", {"enabled": True})
        body.update(deployment=deployment, edit_mode="UI_LOCKED", format="MULTI_TASK")
    elif kind in ("dashboards", "alerts"):
        body.setdefault("parent_path", places.resources)
    file = resource.get("file_path")
    if kind == "dashboards" and file:
        relative = str(file).removeprefix(places.files).lstrip("/")
        body["serialized_dashboard"] = (places.local / relative).read_text(encoding="utf-8")
    return body


def access_control_list(resource: Mapping[str, Any], kind: str, user: str) -> list[dict[str, Any]]:
    """The permissions of a resource, with the deploying user as the owner where one is needed."""
    found = [
        {("permission_level" if key == "level" else key): value for key, value in each.items()}
        for each in resource.get("permissions") or []
    ]
    has_owner = any(each["permission_level"] == "IS_OWNER" for each in found)
    if found and kind in ("jobs", "pipelines") and not has_owner:
        found.append({"permission_level": "IS_OWNER", "user_name": user})
    return found
