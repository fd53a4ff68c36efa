"""Who the user is, and where to log in: what every client asks first."""

from __future__ import annotations

from typing import Any

from millpond.workspace.api import Request, Router


class Identity:
    """The user, as SCIM has them."""

    def __init__(self, user: str) -> None:
        self._user = user

    def register(self, router: Router) -> None:
        """Take the requests about the user and the host."""
        router.add("GET", "/api/2.0/preview/scim/v2/Me", self._me)
        router.add("GET", "/.well-known/databricks-config", self._host)
        router.add("POST", "/telemetry-ext", lambda request: {"numProtoSuccess": 0})

    def _me(self, request: Request) -> dict[str, Any]:
        return {
            "id": "1",
            "userName": self._user,
            "displayName": self._user.partition("@")[0],
            "active": True,
            "emails": [{"value": self._user, "type": "work", "primary": True}],
            "groups": [{"display": "users", "value": "2", "type": "direct"}],
        }

    def _host(self, request: Request) -> dict[str, Any]:
        return {"workspace_id": "0"}
