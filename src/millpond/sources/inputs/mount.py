"""A mapped folder under the URI that the user knows it by, as Hadoop's view of files has it.

Spark then reads the user's own URI, so that `_metadata`, `input_file_name()`, rescued data and its
errors name that, and never this machine's folder (docs/decisions/0011).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from millpond.sources.inputs.mappings import PathMapping
from millpond.sources.paths import components, has_wildcard, scheme_of

_VIEW = "org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme"
_AUTHORITY = re.compile(r"[\w.@:-]+")
_NO_AUTHORITY = "default"
"""What Hadoop calls the table of mounts of URIs without an authority."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A local file or folder, and where it stands among the user's paths.

    Attributes:
        scheme: `dbfs` for paths without one.
        authority: the bucket or container; empty for `dbfs`.
        folder: the path within it, `/` for all of it.
        local: what is there on this machine, absolute.
        others: patterns of what below `folder` is mapped elsewhere.
    """

    scheme: str
    authority: str
    folder: str
    local: Path
    others: tuple[str, ...] = ()

    @property
    def settings(self) -> dict[str, str]:
        """The settings that let Spark read the URI.

        Hadoop keeps no such file system: it would keep the mounts of the first pipeline that a
        process runs.
        """
        table = f"fs.viewfs.mounttable.{self.authority or _NO_AUTHORITY}"
        link = f"{table}.linkFallback"
        if self.folder != "/":
            elsewhere = "".join(f"(?!/{other}(?:/|$))" for other in self.others)
            link = f"{table}.linkRegex.^{re.escape(self.folder)}(?=/|$){elsewhere}"
        return {
            f"fs.{self.scheme}.impl": _VIEW,
            f"fs.{self.scheme}.impl.disable.cache": "true",
            "fs.viewfs.enable.inner.cache": "false",
            link: self.local.as_uri(),
        }

    def uri(self, user_path: str) -> str:
        """A path of the user's as a URI."""
        _, *parts = components(user_path)
        within = "/" + "/".join(parts[1:] if self.authority else parts)
        ending = "/" if user_path.endswith("/") and self.local.is_dir() else ""
        return self._root + within + (ending if within != "/" else "")

    def uri_of(self, local: str) -> str:
        """The URI of a local file below the mount."""
        return self._root + self.shown(local)

    @property
    def _root(self) -> str:
        return f"{self.scheme}://{self.authority}" if self.authority else f"{self.scheme}:"

    def shown(self, local: str) -> str:
        """The path, within the URI, of a local file below the mount."""
        return self.folder.rstrip("/") + local.removeprefix(str(self.local).rstrip("/"))


def mount_of(mapping: PathMapping, user_path: str, mappings: Iterable[PathMapping]) -> Mount | None:
    """What a mapping mounts for a path that it maps; None where the path has no URI to show.

    That is a relative path, one of this machine (`file:`), and one with wildcards in the part
    that is mapped.
    """
    parts = components(user_path)
    scheme = "dbfs" if parts[:1] == ("/",) else scheme_of(user_path)
    depth = len(mapping.pattern.components)
    if scheme in (None, "file") or has_wildcard("/".join(parts[:depth])):
        return None
    local = mapping.local
    if scheme == "dbfs":
        authority, below = "", parts[1:depth]
    elif depth > 1:
        authority, below = parts[1], parts[2:depth]
    elif len(parts) > 1 and not has_wildcard(parts[1]):  # the mapping is of all buckets
        authority, below, local, depth = parts[1], (), local / parts[1], 2
    else:
        return None
    if authority and not _AUTHORITY.fullmatch(authority):
        return None
    others = tuple(_elsewhere(parts[:depth], mapping, mappings))
    return Mount(str(scheme), authority, "/" + "/".join(below), local, others)


def _elsewhere(
    parts: tuple[str, ...], mapping: PathMapping, mappings: Iterable[PathMapping]
) -> Iterable[str]:
    """Patterns of what is mapped below a folder by lines of its own."""
    for other in mappings:
        theirs = other.pattern.components
        if other is not mapping and len(theirs) > len(parts):
            pairs = zip(parts, theirs, strict=False)
            if all(a == b or fnmatchcase(a, b) for a, b in pairs):
                yield "/".join(_expression(part) for part in theirs[len(parts) :])


def _expression(component: str) -> str:
    """A component with wildcards as a regular expression."""
    pieces = re.split(r"(\*|\?|\[[^\]]*\])", component)
    words = {"*": "[^/]*", "?": "[^/]"}
    return "".join(
        words.get(piece, piece.replace("[!", "[^") if piece[:1] == "[" else re.escape(piece))
        for piece in pieces
    )
