"""`dbutils.fs` on the folders that `millpond.yml` maps; nothing else is ever changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from millpond import codes, differences
from millpond.definitions.caller import caller_span
from millpond.errors import MillpondError
from millpond.load.dbutils.inputs import Inputs
from millpond.load.dbutils.refusal import Section
from millpond.notices import note


class FileInfo(NamedTuple):
    """A file or folder, as `ls` gives it.

    Attributes:
        path: in the user's spelling, with `dbfs:` before it where it has no scheme.
        name: the last part; a folder's ends in `/`.
        size: in bytes; 0 for a folder.
        modificationTime: in milliseconds since 1970.
    """

    path: str
    name: str
    size: int
    modificationTime: int

    def isDir(self) -> bool:
        """Whether it is a folder."""
        return self.name.endswith("/")

    def isFile(self) -> bool:
        """Whether it is a file."""
        return not self.isDir()


class MountInfo(NamedTuple):
    """A mount; there are none here."""

    mountPoint: str
    source: str
    encryptionType: str


class Fs(Section):
    """Files by their paths on Databricks."""

    path = "dbutils.fs"

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs

    def ls(self, dir: str) -> list[FileInfo]:
        """What a folder holds, sorted by name; of a file, the file.

        Raises:
            MillpondError: FS_PATH_NOT_FOUND.
        """
        local = self._existing(dir)
        if local.is_file():
            return [_info(dir.rpartition("/")[0], local)]
        return [_info(dir.rstrip("/"), each) for each in sorted(local.iterdir())]

    def head(self, file: str, max_bytes: int = 65536, maxBytes: int | None = None) -> str:
        """The start of a file as text."""
        with self._existing(file).open("rb") as source:
            return source.read(max_bytes if maxBytes is None else maxBytes).decode(errors="replace")

    def put(self, file: str, contents: str, overwrite: bool = False) -> bool:
        """Write a text to a file."""
        local = self._writable(file, "dbutils.fs.put")
        if local.exists() and not overwrite:
            self._fail("dbutils.fs.put", file, "it exists already, and overwrite is not True")
        with _telling("dbutils.fs.put", file):
            local.parent.mkdir(parents=True, exist_ok=True)
            local.write_text(contents, encoding="utf-8")
        return True

    def mkdirs(self, dir: str) -> bool:
        """Create a folder and those above it."""
        with _telling("dbutils.fs.mkdirs", dir):
            self._writable(dir, "dbutils.fs.mkdirs").mkdir(parents=True, exist_ok=True)
        return True

    def rm(self, dir: str, recurse: bool = False) -> bool:
        """Remove a file, or a folder with all it holds; False if there is none."""
        local = self._writable(dir, "dbutils.fs.rm")
        if not local.exists():
            return False
        with _telling("dbutils.fs.rm", dir):
            if local.is_file():
                local.unlink()
            elif recurse:
                shutil.rmtree(local)
            else:
                local.rmdir()
        return True

    def cp(self, source: str, dest: str, recurse: bool = False) -> bool:
        """Copy a file, or with `recurse` a folder."""
        return self._transfer("dbutils.fs.cp", source, dest, recurse)

    def mv(self, source: str, dest: str, recurse: bool = False) -> bool:
        """Move a file, or with `recurse` a folder."""
        self._writable(source, "dbutils.fs.mv")
        self._transfer("dbutils.fs.mv", source, dest, recurse)
        return self.rm(source, recurse)

    def mounts(self) -> list[MountInfo]:
        """The mounts: none, since paths are mapped by `millpond.yml`."""
        return []

    def mount(self, source: str, mount_point: str = "", *_: object, **__: object) -> bool:
        """Take a mount for done if its mount point is mapped.

        Raises:
            MillpondError: INPUT_NOT_MAPPED, with the line to add.
        """
        at = caller_span()
        self._inputs.path(mount_point, at)
        note(differences.MOUNT, at)
        return True

    def unmount(self, mount_point: str) -> bool:
        """Do nothing: there are no mounts."""
        note(differences.MOUNT, caller_span())
        return True

    updateMount = mount

    def refreshMounts(self) -> bool:
        """Do nothing: there are no mounts."""
        return True

    def _transfer(self, call: str, source: str, dest: str, recurse: bool) -> bool:
        local, target = self._existing(source), self._writable(dest, call)
        if local.is_dir() and not recurse:
            self._fail(call, source, "it is a folder, and recurse is not True")
        with _telling(call, dest):
            if local.is_dir():
                shutil.copytree(local, target, dirs_exist_ok=True)
            else:
                target = target / local.name if target.is_dir() else target
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(local, target)
        return True

    def _local(self, path: str) -> Path:
        return Path(self._inputs.path(path, caller_span()).removeprefix("file:"))

    def _existing(self, path: str) -> Path:
        local = self._local(path)
        if not local.exists():
            raise MillpondError(codes.FS_PATH_NOT_FOUND, at=caller_span(), path=path, local=local)
        return local

    def _writable(self, path: str, call: str) -> Path:
        """A path that the user gave to source; another place of this machine is left alone."""
        local = self._local(path)
        if self._inputs.path_mapping(path) is None:
            raise MillpondError(codes.FS_WRITE_NOT_MAPPED, at=caller_span(), call=call, path=path)
        return local

    def _fail(self, call: str, path: str, reason: str) -> None:
        raise MillpondError(codes.FS_FAILED, at=caller_span(), call=call, path=path, reason=reason)


@contextmanager
def _telling(call: str, path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise MillpondError(
            codes.FS_FAILED, at=caller_span(), call=call, path=path, reason=reason
        ) from error


def _info(folder: str, local: Path) -> FileInfo:
    status = local.stat()
    is_folder = local.is_dir()
    name = local.name + "/" * is_folder
    prefix = "" if ":" in folder.split("/", maxsplit=1)[0] else "dbfs:"
    size = 0 if is_folder else status.st_size
    return FileInfo(f"{prefix}{folder}/{name}", name, size, int(status.st_mtime * 1000))
