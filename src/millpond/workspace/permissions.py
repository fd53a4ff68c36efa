"""Who may do what with a job, a pipeline and so on: `/api/2.0/permissions`."""

from __future__ import annotations

from typing import Any

from millpond.workspace.api import Request, Router, invalid, not_found

_PRINCIPALS = ("user_name", "group_name", "service_principal_name")


class Permissions:
    """The access control lists of the workspace's objects."""

    def __init__(self, user: str) -> None:
        self._user = user
        self._lists: dict[tuple[str, str], list[dict[str, Any]]] = {}

    def register(self, router: Router) -> None:
        """Take the requests about permissions."""
        path = "/api/2.0/permissions/{kind}/{identity}"
        router.add("GET", path, self._get)
        router.add("PUT", path, self._put)
        router.add("PATCH", path, self._patch)

    def own(self, kind: str, identity: str) -> None:
        """Let the user be the owner of a new object."""
        owner = {"user_name": self._user, "permission_level": "IS_OWNER"}
        self._lists[kind, identity] = [owner]

    def forget(self, kind: str, identity: str) -> None:
        """Drop the list of an object that is gone."""
        self._lists.pop((kind, identity), None)

    def _get(self, request: Request, kind: str, identity: str) -> dict[str, Any]:
        if kind == "directories":
            self._lists.setdefault((kind, identity), [])
        if (kind, identity) not in self._lists:
            raise not_found(kind, identity)
        return self._described(kind, identity)

    def _put(self, request: Request, kind: str, identity: str) -> dict[str, Any]:
        self._get(request, kind, identity)
        given = _checked(request)
        if kind in ("jobs", "pipelines"):
            owners = [each for each in given if each["permission_level"] == "IS_OWNER"]
            if len(owners) != 1:
                raise invalid(f"The {kind[:-1]} must have exactly one owner.")
        self._lists[kind, identity] = given
        return self._described(kind, identity)

    def _patch(self, request: Request, kind: str, identity: str) -> dict[str, Any]:
        self._get(request, kind, identity)
        given = _checked(request)
        principals = [_principal(each) for each in given]
        kept = [e for e in self._lists[kind, identity] if _principal(e) not in principals]
        self._lists[kind, identity] = [*kept, *given]
        return self._described(kind, identity)

    def _described(self, kind: str, identity: str) -> dict[str, Any]:
        entries = [
            {
                **{name: each[name] for name in _PRINCIPALS if name in each},
                "all_permissions": [
                    {"permission_level": each["permission_level"], "inherited": False}
                ],
            }
            for each in self._lists[kind, identity]
        ]
        return {
            "object_id": f"/{kind}/{identity}",
            "object_type": kind.rstrip("s"),
            "access_control_list": entries,
        }


def _checked(request: Request) -> list[dict[str, Any]]:
    given = request.json().get("access_control_list") or []
    for each in given:
        if len(_principal(each)) != 1:
            raise invalid("Each permission is of exactly one user, group or service principal.")
        if not each.get("permission_level"):
            raise invalid("Missing required field: permission_level")
    return list(given)


def _principal(entry: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name, entry[name]) for name in _PRINCIPALS if entry.get(name))
