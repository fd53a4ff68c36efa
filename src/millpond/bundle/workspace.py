"""What `${workspace.*}` means where there is no workspace: values made from the local user."""

from __future__ import annotations

import getpass
import posixpath
from dataclasses import dataclass

from millpond.bundle.fields import WORKSPACE_TEXTS
from millpond.bundle.value import Value, from_plain

_BELOW_ROOT = {
    "file_path": "files",
    "artifact_path": "artifacts",
    "resource_path": "resources",
    "state_path": "state",
}
_GIT = ("branch", "origin_url", "commit", "actual_branch", "bundle_root_path")


@dataclass(frozen=True, slots=True)
class User:
    """Who `${workspace.current_user}` is.

    Attributes:
        name: the login, an e-mail address in a workspace, the operating system's name here.
    """

    name: str

    @property
    def short_name(self) -> str:
        """The part before the @, in lower case, with `_` for what is not a letter or digit."""
        return normalize(self.name.partition("@")[0])


def local_user() -> User:
    """The user of this process, or `local` where the system has no name for them."""
    try:
        return User(getpass.getuser())
    except (KeyError, OSError, ImportError):
        return User("local")


def normalize(text: str) -> str:
    """Lower case, with `_` for everything that is not a letter or digit, as the CLI does it."""
    return "".join(c if c.isalpha() or c.isdigit() else "_" for c in text.lower())


def fill_workspace(root: Value, user: User, files: str | None) -> Value:
    """The bundle with all fields of `workspace` and `bundle` that references may use.

    Fields that nothing sets are empty text, as in the CLI.

    Args:
        files: what `workspace.file_path` is, whatever the bundle says; None for the folder of
            the workspace. For a local run it is the local folder, as in the CLI's
            source-linked deployments: pipelines put it on `sys.path` and install from it.
    """
    bundle = root.get("bundle") or Value({}, root.at)
    workspace = _with_paths(root, user)
    if files is not None:
        workspace = workspace.set("file_path", files)
    workspace = _with_defaults(workspace, dict.fromkeys(WORKSPACE_TEXTS, ""))
    workspace = workspace.put("current_user", from_plain(_current_user(user), workspace.at))
    git = _with_defaults(bundle.get("git") or Value({}, bundle.at), dict.fromkeys(_GIT, ""))
    bundle = _with_defaults(bundle, dict.fromkeys(("mode", "cluster_id", "uuid"), ""))
    return root.put("workspace", workspace).put("bundle", bundle.put("git", git))


def _with_paths(root: Value, user: User) -> Value:
    bundle = root.get("bundle") or Value({}, root.at)
    workspace = root.get("workspace") or Value({}, root.at)
    name, target = (_text(bundle.get(key)) for key in ("name", "target"))
    base = _text(workspace.get("root_path")) or f"~/.bundle/{name}/{target}"
    if base.startswith("~/"):
        base = posixpath.join("/Workspace/Users", user.name, base[2:])
    paths = {path: posixpath.join(base, below) for path, below in _BELOW_ROOT.items()}
    for path, default in {"root_path": base, **paths}.items():
        given = workspace.get(path)
        text = default if path == "root_path" else _text(given) or default
        place = given or workspace
        workspace = workspace.put(path, Value(_in_workspace(text), place.at, place.key_at))
    return workspace


def _in_workspace(path: str) -> str:
    outside = path.startswith("/") and not path.startswith(("/Workspace/", "/Volumes/"))
    return "/Workspace" + path if outside else path


def _current_user(user: User) -> dict[str, str]:
    return {
        "userName": user.name,
        "displayName": user.name,
        "short_name": user.short_name,
        "domain_friendly_name": normalize(user.name).replace("_", "-"),
    }


def _with_defaults(value: Value, defaults: dict[str, str]) -> Value:
    for key, default in defaults.items():
        given = value.get(key)
        if given is None or given.data is None:
            value = value.set(key, default)
    return value


def _text(value: Value | None) -> str:
    return (value.text or "") if value is not None else ""
