"""Files and folders of the workspace, in memory, and files in volumes, on disk."""

from __future__ import annotations

import base64
import binascii
import posixpath
from pathlib import Path
from typing import Any

from millpond.workspace.api import ApiError, Request, Router, invalid, not_found

_LANGUAGES = {".py": "PYTHON", ".sql": "SQL", ".scala": "SCALA", ".r": "R"}
_MARKER = {
    "PYTHON": b"# Databricks notebook source",
    "SQL": b"-- Databricks notebook source",
    "SCALA": b"// Databricks notebook source",
    "R": b"# Databricks notebook source",
}


class Files:
    """The tree below /Workspace, and the volumes below /Volumes.

    Args:
        volumes: the local folder for what is in volumes.
    """

    def __init__(self, volumes: Path, user: str) -> None:
        self.volumes = volumes
        self._files: dict[str, bytes] = {}
        self._notebooks: dict[str, str] = {}
        self._folders = {"/Workspace", "/Workspace/Users", f"/Workspace/Users/{user}"}
        self._ids: dict[str, int] = {}

    def register(self, router: Router) -> None:
        """Take the requests about files."""
        for method, path, handler in (
            ("POST", "/api/2.0/workspace/mkdirs", self._make_folder),
            ("POST", "/api/2.0/workspace/import", self._import),
            ("POST", "/api/2.0/workspace-files/import-file/{path:path}", self._import_file),
            ("GET", "/api/2.0/workspace-files/{path:path}", self._read_file),
            ("GET", "/api/2.0/workspace/export", self._export),
            ("GET", "/api/2.0/workspace/get-status", self._status),
            ("GET", "/api/2.0/workspace/list", self._list),
            ("POST", "/api/2.0/workspace/delete", self._delete),
            ("PUT", "/api/2.0/fs/files/{path:path}", self._put_in_volume),
            ("GET", "/api/2.0/fs/files/{path:path}", self._get_from_volume),
            ("DELETE", "/api/2.0/fs/files/{path:path}", self._delete_from_volume),
            ("PUT", "/api/2.0/fs/directories/{path:path}", self._make_folder_in_volume),
        ):
            router.add(method, path, handler)

    def below(self, folder: str) -> dict[str, bytes]:
        """The content of each file and notebook below a folder, by path.

        A notebook has the extension of its language, as it has in the repository it came from.
        """
        start = _normal(folder).rstrip("/") + "/"
        suffixes = {language: suffix for suffix, language in _LANGUAGES.items()}
        return {
            path + suffixes.get(self._notebooks.get(path, ""), ""): content
            for path, content in self._files.items()
            if path.startswith(start)
        }

    def is_notebook(self, path: str) -> bool:
        """Whether there is a notebook at a path."""
        return _normal(path) in self._notebooks

    def content(self, path: str) -> bytes:
        """What a file or notebook holds.

        Raises:
            ApiError: there is nothing at the path.
        """
        return self._content(_normal(path))

    def _make_folder(self, request: Request) -> dict[str, Any]:
        path = _normal(request.required("path"))
        if path in self._files:
            raise ApiError(400, "RESOURCE_ALREADY_EXISTS", f"Path ({path}) is a file.")
        self._add_folders(path)
        return {}

    def _import(self, request: Request) -> dict[str, Any]:
        body = request.json()
        path = _normal(request.required("path"))
        kind = body.get("format") or "SOURCE"
        language = body.get("language") if kind != "AUTO" else None
        if kind == "SOURCE" and language is None:
            raise invalid("A language is required for the format SOURCE.")
        overwrite = body.get("overwrite") in (True, "true")
        self._write(path, _content_of(request), language, overwrite=overwrite)
        return {}

    def _import_file(self, request: Request, path: str) -> dict[str, Any]:
        overwrite = request.query.get("overwrite") == "true"
        self._write(_normal("/" + path), request.body, None, overwrite=overwrite)
        return {}

    def _write(self, path: str, content: bytes, language: str | None, *, overwrite: bool) -> None:
        stem, suffix = posixpath.splitext(path)
        by_name = _LANGUAGES.get(suffix.lower())
        is_notebook = bool(language) or (
            by_name is not None and content.startswith(_MARKER[by_name])
        )
        if is_notebook:
            # A notebook has its language beside it, not in its name.
            path = stem if by_name is not None else path
        if path in self._folders:
            raise ApiError(400, "RESOURCE_ALREADY_EXISTS", f"Path ({path}) is a folder.")
        if path in self._files and not overwrite:
            raise ApiError(400, "RESOURCE_ALREADY_EXISTS", f"Path ({path}) already exists.")
        if posixpath.dirname(path) not in self._folders:
            raise not_found("The parent folder", posixpath.dirname(path))
        self._files[path] = content
        self._notebooks.pop(path, None)
        if is_notebook:
            self._notebooks[path] = language or by_name or "PYTHON"

    def _read_file(self, request: Request, path: str) -> bytes:
        return self._content(_normal("/" + path))

    def _export(self, request: Request) -> bytes | dict[str, Any]:
        content = self._content(_normal(request.required("path")))
        if request.query.get("direct_download") == "true":
            return content
        return {"content": base64.b64encode(content).decode()}

    def _content(self, path: str) -> bytes:
        if path not in self._files:
            raise not_found("Path", f"({path})")
        return self._files[path]

    def _status(self, request: Request) -> dict[str, Any]:
        return self._described(_normal(request.required("path")))

    def _described(self, path: str) -> dict[str, Any]:
        number = self._ids.setdefault(path, len(self._ids) + 1)
        if path in self._folders:
            kind: dict[str, Any] = {"object_type": "DIRECTORY"}
        elif path in self._notebooks:
            kind = {"object_type": "NOTEBOOK", "language": self._notebooks[path]}
        elif path in self._files:
            kind = {"object_type": "FILE", "size": len(self._files[path])}
        else:
            raise not_found("Path", f"({path})")
        return {"path": path, "object_id": number, "resource_id": str(number), **kind}

    def _list(self, request: Request) -> dict[str, Any]:
        folder = _normal(request.required("path"))
        if folder not in self._folders:
            return {"objects": [self._described(folder)]}
        inside = [
            each for each in (*self._folders, *self._files) if posixpath.dirname(each) == folder
        ]
        return {"objects": [self._described(each) for each in sorted(inside) if each != folder]}

    def _delete(self, request: Request) -> dict[str, Any]:
        path = _normal(request.required("path"))
        self._described(path)
        below = [e for e in (*self._folders, *self._files) if e.startswith(path + "/")]
        if below and not request.json().get("recursive"):
            raise ApiError(400, "DIRECTORY_NOT_EMPTY", f"Folder ({path}) is not empty.")
        for each in (path, *below):
            self._folders.discard(each)
            self._files.pop(each, None)
            self._notebooks.pop(each, None)
        return {}

    def _add_folders(self, path: str) -> None:
        while path not in ("", "/") and path not in self._folders:
            self._folders.add(path)
            path = posixpath.dirname(path)

    def _put_in_volume(self, request: Request, path: str) -> dict[str, Any]:
        file = self._in_volume(path)
        if file.exists() and request.query.get("overwrite") != "true":
            raise ApiError(409, "ALREADY_EXISTS", f"The file /{path} already exists.")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(request.body)
        return {}

    def _get_from_volume(self, request: Request, path: str) -> bytes:
        file = self._in_volume(path)
        if not file.is_file():
            raise ApiError(404, "NOT_FOUND", f"The file /{path} does not exist.")
        return file.read_bytes()

    def _delete_from_volume(self, request: Request, path: str) -> dict[str, Any]:
        self._in_volume(path).unlink(missing_ok=True)
        return {}

    def _make_folder_in_volume(self, request: Request, path: str) -> dict[str, Any]:
        self._in_volume(path).mkdir(parents=True, exist_ok=True)
        return {}

    def _in_volume(self, path: str) -> Path:
        steps = [step for step in path.split("/") if step]
        if len(steps) < 4 or steps[0] != "Volumes" or ".." in steps or "." in steps:
            raise invalid(f"/{path} is no path in a volume.")
        return self.volumes.joinpath(*steps[1:])


def _content_of(request: Request) -> bytes:
    """The file of a form, or what the body says in base64."""
    if request.kind.startswith("multipart/form-data"):
        return dict(request.form()).get("content", b"")
    try:
        return base64.b64decode(request.json().get("content") or "", validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid("The content is not base64.") from error


def _normal(path: str) -> str:
    """The path from /Workspace on, whichever of its two spellings it was given in."""
    if not path.startswith("/"):
        raise invalid(f"Path ({path}) is not absolute.")
    normal = posixpath.normpath("/" + path.lstrip("/"))
    return normal if normal.split("/")[1:2] == ["Workspace"] else "/Workspace" + normal
