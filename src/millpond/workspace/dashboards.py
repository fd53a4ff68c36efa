"""AI/BI dashboards: `/api/2.0/lakeview`."""

from __future__ import annotations

import json
import posixpath
from typing import Any

from millpond.workspace.api import Request, Router, invalid, not_found
from millpond.workspace.ids import made_id
from millpond.workspace.permissions import Permissions


class Dashboards:
    """Drafts and what is published of them."""

    def __init__(self, permissions: Permissions) -> None:
        self._permissions = permissions
        self._drafts: dict[str, dict[str, Any]] = {}
        self._published: dict[str, dict[str, Any]] = {}
        self._made = 0

    def register(self, router: Router) -> None:
        """Take the requests about dashboards."""
        base = "/api/2.0/lakeview/dashboards"
        router.add("POST", base, self._create)
        router.add("GET", base, lambda request: {"dashboards": list(self._drafts.values())})
        router.add("GET", base + "/{identity}", self._get)
        router.add("PATCH", base + "/{identity}", self._change)
        router.add("DELETE", base + "/{identity}", self._delete)
        router.add("POST", base + "/{identity}/published", self._publish)
        router.add("GET", base + "/{identity}/published", self._get_published)

    def _create(self, request: Request) -> dict[str, Any]:
        body = request.json()
        name = request.required("display_name")
        _check_document(body)
        self._made += 1
        identity = made_id("dashboard", self._made)
        path = posixpath.join(body.get("parent_path") or "/", f"{name}.lvdash.json")
        self._drafts[identity] = {
            **body,
            **_names(request),
            "dashboard_id": identity,
            "path": path,
            "etag": "1",
            "lifecycle_state": "ACTIVE",
        }
        self._permissions.own("dashboards", identity)
        return self._drafts[identity]

    def draft(self, identity: str) -> dict[str, Any]:
        """A dashboard as it was last written.

        Raises:
            ApiError: there is none with this id.
        """
        if identity not in self._drafts:
            raise not_found("Dashboard", identity)
        return self._drafts[identity]

    def _get(self, request: Request, identity: str) -> dict[str, Any]:
        return self.draft(identity)

    def _change(self, request: Request, identity: str) -> dict[str, Any]:
        draft = self._get(request, identity)
        body = request.json()
        _check_document(body)
        draft.update({**body, **_names(request)}, etag=str(int(draft["etag"]) + 1))
        return draft

    def _delete(self, request: Request, identity: str) -> dict[str, Any]:
        self._get(request, identity)
        del self._drafts[identity]
        self._published.pop(identity, None)
        return {}

    def _publish(self, request: Request, identity: str) -> dict[str, Any]:
        name = self._get(request, identity)["display_name"]
        self._published[identity] = {**request.json(), "display_name": name}
        return self._published[identity]

    def _get_published(self, request: Request, identity: str) -> dict[str, Any]:
        if identity not in self._published:
            raise not_found("Published dashboard", identity)
        return self._published[identity]


def _names(request: Request) -> dict[str, str]:
    """Where the names in a dashboard's queries live, which the SDK sends beside the body."""
    given = ("dataset_catalog", "dataset_schema")
    return {name: request.query[name] for name in given if request.query.get(name)}


def _check_document(body: dict[str, Any]) -> None:
    text = body.get("serialized_dashboard")
    if text is None:
        return
    try:
        document = json.loads(text)
    except (TypeError, ValueError) as error:
        raise invalid("serialized_dashboard is not JSON.") from error
    known = {dataset.get("name") for dataset in document.get("datasets", [])}
    for page in document.get("pages", []):
        for item in page.get("layout", []):
            for query in item.get("widget", {}).get("queries", []):
                name = query.get("query", {}).get("datasetName")
                if name not in known:
                    raise invalid(f"A widget uses the dataset {name}, which is not there.")
