"""SQL alerts: `/api/2.0/alerts`."""

from __future__ import annotations

from typing import Any

from millpond.workspace.api import Request, Router, invalid, not_found
from millpond.workspace.ids import made_id
from millpond.workspace.permissions import Permissions

_REQUIRED = ("display_name", "query_text", "warehouse_id", "schedule", "evaluation")


class Alerts:
    """The alerts by id."""

    def __init__(self, permissions: Permissions) -> None:
        self._permissions = permissions
        self._alerts: dict[str, dict[str, Any]] = {}
        self._made = 0

    def register(self, router: Router) -> None:
        """Take the requests about alerts."""
        router.add("POST", "/api/2.0/alerts", self._create)
        router.add("GET", "/api/2.0/alerts", lambda request: {"alerts": [*self._alerts.values()]})
        router.add("GET", "/api/2.0/alerts/{identity}", self._get)
        router.add("PATCH", "/api/2.0/alerts/{identity}", self._change)
        router.add("DELETE", "/api/2.0/alerts/{identity}", self._delete)

    def _create(self, request: Request) -> dict[str, Any]:
        body = request.json()
        for field in _REQUIRED:
            if not body.get(field):
                raise invalid(f"Missing required field: {field}")
        self._made += 1
        identity = made_id("alert", self._made)
        self._alerts[identity] = {**body, "id": identity, "lifecycle_state": "ACTIVE"}
        self._permissions.own("alertsv2", identity)
        return self._alerts[identity]

    def _get(self, request: Request, identity: str) -> dict[str, Any]:
        if identity not in self._alerts:
            raise not_found("Alert", identity)
        return self._alerts[identity]

    def _change(self, request: Request, identity: str) -> dict[str, Any]:
        found = self._get(request, identity)
        found.update(request.json())
        return found

    def _delete(self, request: Request, identity: str) -> dict[str, Any]:
        self._get(request, identity)
        del self._alerts[identity]
        return {}
