"""Schemas, volumes and grants of Unity Catalog. Any catalog is there."""

from __future__ import annotations

from typing import Any

from millpond.workspace.api import ApiError, Request, Router, invalid

_VOLUME_TYPES = ("MANAGED", "EXTERNAL")


class Catalog:
    """The schemas and volumes that were created, by full name."""

    def __init__(self, user: str) -> None:
        self._user = user
        self._schemas: dict[str, dict[str, Any]] = {}
        self._volumes: dict[str, dict[str, Any]] = {}
        self._grants: dict[tuple[str, str], dict[str, set[str]]] = {}

    def register(self, router: Router) -> None:
        """Take the requests about schemas, volumes and grants."""
        base = "/api/2.1/unity-catalog"
        for kind, objects, create in (
            ("schemas", self._schemas, self._create_schema),
            ("volumes", self._volumes, self._create_volume),
        ):
            part = _Part(kind[:-1], objects)
            router.add("POST", f"{base}/{kind}", create)
            router.add("GET", f"{base}/{kind}", part.listed)
            router.add("GET", f"{base}/{kind}/{{name}}", part.get)
            router.add("PATCH", f"{base}/{kind}/{{name}}", part.change)
            router.add("DELETE", f"{base}/{kind}/{{name}}", part.delete)
        router.add("GET", f"{base}/permissions/{{kind}}/{{name}}", self._show_grants)
        router.add("PATCH", f"{base}/permissions/{{kind}}/{{name}}", self._change_grants)

    def _create_schema(self, request: Request) -> dict[str, Any]:
        body = request.json()
        name = f"{request.required('catalog_name')}.{request.required('name')}"
        if name in self._schemas:
            raise ApiError(400, "SCHEMA_ALREADY_EXISTS", f"Schema '{name}' already exists")
        self._schemas[name] = {**body, "full_name": name, "owner": self._user, "schema_id": name}
        return self._schemas[name]

    def _create_volume(self, request: Request) -> dict[str, Any]:
        body = request.json()
        schema = f"{request.required('catalog_name')}.{request.required('schema_name')}"
        name = f"{schema}.{request.required('name')}"
        if body.get("volume_type") not in _VOLUME_TYPES:
            raise invalid(f"volume_type must be one of {', '.join(_VOLUME_TYPES)}")
        if schema not in self._schemas:
            raise ApiError(404, "SCHEMA_DOES_NOT_EXIST", f"Schema '{schema}' does not exist.")
        if name in self._volumes:
            raise ApiError(409, "VOLUME_ALREADY_EXISTS", f"Volume '{name}' already exists")
        self._volumes[name] = {**body, "full_name": name, "owner": self._user, "volume_id": name}
        return self._volumes[name]

    def _show_grants(self, request: Request, kind: str, name: str) -> dict[str, Any]:
        granted = self._grants.get((kind, name), {})
        return {
            "privilege_assignments": [
                {"principal": principal, "privileges": sorted(privileges)}
                for principal, privileges in granted.items()
            ]
        }

    def _change_grants(self, request: Request, kind: str, name: str) -> dict[str, Any]:
        objects = {"schema": self._schemas, "volume": self._volumes}.get(kind)
        if objects is not None and name not in objects:
            code = f"{kind.upper()}_DOES_NOT_EXIST"
            raise ApiError(404, code, f"{kind.title()} '{name}' does not exist.")
        granted = self._grants.setdefault((kind, name), {})
        for change in request.json().get("changes") or []:
            if not change.get("principal"):
                raise invalid("Missing required field: principal")
            privileges = granted.setdefault(change["principal"], set())
            privileges |= set(change.get("add") or [])
            privileges -= set(change.get("remove") or [])
        return self._show_grants(request, kind, name)


class _Part:
    """What schemas and volumes have in common."""

    def __init__(self, what: str, objects: dict[str, dict[str, Any]]) -> None:
        self._what = what
        self._objects = objects

    def listed(self, request: Request) -> dict[str, Any]:
        wanted = {key: request.query.get(key) for key in ("catalog_name", "schema_name")}
        found = [
            each
            for each in self._objects.values()
            if all(value in (None, each.get(key)) for key, value in wanted.items())
        ]
        return {f"{self._what}s": found}

    def get(self, request: Request, name: str) -> dict[str, Any]:
        if name not in self._objects:
            code = f"{self._what.upper()}_DOES_NOT_EXIST"
            raise ApiError(404, code, f"{self._what.title()} '{name}' does not exist.")
        return self._objects[name]

    def change(self, request: Request, name: str) -> dict[str, Any]:
        found = self.get(request, name)
        found.update({k: v for k, v in request.json().items() if k != "new_name"})
        return found

    def delete(self, request: Request, name: str) -> dict[str, Any]:
        self.get(request, name)
        del self._objects[name]
        return {}
