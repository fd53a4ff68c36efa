"""Deploy a bundle to a workspace: upload its files, then create its resources in order."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from millpond.bundle.pipelines import resource_id
from millpond.codes import DEPLOY_REFUSED
from millpond.errors import MillpondError
from millpond.workspace.api import ApiError
from millpond.workspace.bodies import KINDS, Places, access_control_list, body_of
from millpond.workspace.client import Client

if TYPE_CHECKING:
    from millpond.bundle import Bundle

Key = tuple[str, str]
"""The kind of a resource and its key."""


class Deployment:
    """One deployment of a bundle, loaded with `deployed=True`, by a client.

    Attributes:
        bodies: what is sent for each resource, in order; references are still made-up ids.
        unchecked: resources of kinds that this workspace does not know.
    """

    def __init__(self, bundle: Bundle, client: Client) -> None:
        self._bundle = bundle
        self._client = client
        self._resources: Mapping[str, Any] = _mapping(bundle.configuration, "resources")
        workspace = _mapping(bundle.configuration, "workspace")
        self._user = str(workspace["current_user"]["userName"])
        self._places = Places(
            files=str(workspace["file_path"]),
            resources=str(workspace["resource_path"]),
            state=str(workspace["state_path"]),
            local=bundle.sync.root,
        )
        made = {
            (kind, key): body_of(kind, resource, self._places)
            for kind in KINDS
            for key, resource in self._resources.get(kind, {}).items()
        }
        self.bodies: dict[Key, dict[str, Any]] = dict(_in_order(made, self._made_up()))
        self.unchecked: tuple[Key, ...] = tuple(
            (kind, key)
            for kind, of_kind in self._resources.items()
            if kind not in KINDS
            for key in of_kind
        )

    def upload(self, files: list[str]) -> None:
        """Upload files, given relative to the root of the bundle's files."""
        folders = {self._places.resources, self._places.state, self._places.files}
        folders |= {posixpath.dirname(posixpath.join(self._places.files, file)) for file in files}
        for folder in sorted(folders):
            self._client.send("POST", "/api/2.0/workspace/mkdirs", {"path": folder})
        for file in files:
            path = posixpath.join(self._places.files, file)
            content = (self._places.local / file).read_bytes()
            address = "/api/2.0/workspace-files/import-file/" + path.lstrip("/")
            self._client.send("POST", address, content, {"overwrite": "true"})

    def create(self) -> None:
        """Create every resource, with its permissions and grants.

        Raises:
            MillpondError: DEPLOY_REFUSED, at the resource.
        """
        ids: dict[str, str] = {}
        made_up = {key: text for text, key in self._made_up().items()}
        for key, body in self.bodies.items():
            try:
                ids[made_up[key]] = self._create(*key, _replaced(body, ids))
            except ApiError as error:
                raise self._refused(key, error) from error

    def _create(self, kind: str, key: str, body: dict[str, Any]) -> str:
        how = KINDS[kind]
        identity = str(self._client.send("POST", how.path, body)[how.id])
        resource = self._resources[kind][key]
        entries = access_control_list(resource, kind, self._user)
        if how.permissions is not None and entries:
            path = f"/api/2.0/permissions/{how.permissions}/{identity}"
            self._client.send("PUT", path, {"access_control_list": entries})
        if how.securable is not None and resource.get("grants"):
            changes = [
                {"principal": each["principal"], "add": each["privileges"]}
                for each in resource["grants"]
            ]
            path = f"/api/2.1/unity-catalog/permissions/{how.securable}/{identity}"
            self._client.send("PATCH", path, {"changes": changes})
        if kind == "dashboards":
            published = {
                "embed_credentials": bool(resource.get("embed_credentials")),
                "warehouse_id": resource.get("warehouse_id"),
            }
            self._client.send("POST", f"{how.path}/{identity}/published", published)
        return identity

    def _refused(self, key: Key, error: ApiError) -> MillpondError:
        return MillpondError(
            DEPLOY_REFUSED,
            at=self._bundle.places.get(key),
            resource=".".join(key),
            reason=str(error),
            error_code=error.code,
        )

    def _made_up(self) -> dict[str, Key]:
        project, target = self._bundle.file.parent, self._bundle.target
        return {
            resource_id(project, target, kind, key): (kind, key)
            for kind in KINDS
            for key in self._resources.get(kind, {})
        }


def _in_order(
    bodies: Mapping[Key, dict[str, Any]], made_up: Mapping[str, Key]
) -> Iterator[tuple[Key, dict[str, Any]]]:
    """What a resource refers to comes before it; else kinds and keys keep their order."""
    texts = {key: json.dumps(body) for key, body in bodies.items()}
    waiting = {
        key: {other for made, other in made_up.items() if made in text and other != key}
        for key, text in texts.items()
    }
    done: set[Key] = set()
    while waiting:
        # A circle of references was refused when the bundle was loaded.
        key = next((each for each, others in waiting.items() if others <= done), None)
        key = key if key is not None else next(iter(waiting))
        del waiting[key]
        done.add(key)
        yield key, bodies[key]


def _replaced(body: dict[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    text = json.dumps(body)
    for made_up, identity in ids.items():
        text = text.replace(made_up, identity)
    found: dict[str, Any] = json.loads(text)
    return found


def _mapping(configuration: Mapping[str, object], key: str) -> Mapping[str, Any]:
    found = configuration.get(key)
    return found if isinstance(found, Mapping) else {}
