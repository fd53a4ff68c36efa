"""Paths as pipeline source writes them: compared by whole components, whatever the spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(/{0,3})(.*)", re.DOTALL)
_ROOTS = ("Volumes", "mnt", "dbfs", "FileStore", "databricks-datasets", "Workspace")
_FILE = re.compile(r"^file:/*", re.IGNORECASE)
_GLOB = re.compile(r"[*?\[{]")
_SAME_SCHEME = {"s3a": "s3", "s3n": "s3"}
_OF_DATABRICKS = ("dbfs", "Workspace", "Volumes")
"""What `file:/…` names on a cluster of Databricks' too."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What a path has behind the part that a pattern matched.

    Attributes:
        components: the components, in order; none if the pattern matched the whole path.
        ending: `/` if the path ends in one (a glob of folders does), else empty.
    """

    components: tuple[str, ...]
    ending: str


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A prefix of paths, or a glob of prefixes; `*` stays within one component."""

    text: str

    @property
    def components(self) -> tuple[str, ...]:
        """The components, its root first."""
        return components(self.text)

    @property
    def is_glob(self) -> bool:
        """Whether some component is a pattern."""
        return has_wildcard(self.text)

    def rest(self, path: str) -> Rest | None:
        """What follows in a path that starts with this pattern; None for another path."""
        mine, theirs = self.components, components(path)
        if len(mine) > len(theirs):
            return None
        pairs = zip(mine, theirs, strict=False)
        if not all(a == b or fnmatchcase(b, a) for a, b in pairs):
            return None
        rest = theirs[len(mine) :]
        return Rest(rest, "/" if rest and path.endswith("/") else "")


def components(path: str) -> tuple[str, ...]:
    """The components of a path, its root first.

    `dbfs:/x`, `/dbfs/x` and `/x` are one place on Databricks; so are `s3a://b/x` and `s3://b/x`,
    and `file:/Workspace/x` and `/Workspace/x`.
    """
    scheme, rest = "", path
    match = _SCHEME.fullmatch(path)
    if match is not None:
        scheme, _, rest = match.groups()
        scheme = _SAME_SCHEME.get(scheme.casefold(), scheme.casefold())
    parts = tuple(part for part in rest.split("/") if part)
    if scheme == "file" and parts[:1] and parts[0] in _OF_DATABRICKS:
        return ("/", *(parts[1:] if parts[0] == "dbfs" else parts))
    if scheme == "dbfs" or (not scheme and parts[:1] == ("dbfs",) and path.startswith("/")):
        return ("/", *(parts if scheme else parts[1:]))
    if scheme:
        return (f"{scheme}://", *parts)
    return ("/", *parts) if path.startswith("/") else parts


def is_databricks_path(path: str) -> bool:
    """Whether a path names a place on Databricks or in a cloud, not one on this machine."""
    if has_scheme(path):
        return True
    roots = _ROOTS if path.startswith("/") else _OF_DATABRICKS
    here = _FILE.sub("/", path)
    return here.startswith("/") and here.split("/")[1] in roots and not Path(here).exists()


def has_scheme(path: str) -> bool:
    """Whether a path is a URI of anything but this machine's files."""
    return scheme_of(path) not in (None, "file")


def scheme_of(path: str) -> str | None:
    """The scheme of a URI as written, in lower case; None for a path without one."""
    match = _SCHEME.fullmatch(path)
    return None if match is None else match.group(1).casefold()


def has_wildcard(path: str) -> bool:
    """Whether a path is a pattern, as Hadoop's globs are."""
    return bool(_GLOB.search(path))


def suggested_prefix(path: str) -> str:
    """The part of a path to map: all of it, up to the first component with a pattern."""
    kept: list[str] = []
    for component in path.rstrip("/").split("/"):
        if has_wildcard(component):
            break
        kept.append(component)
    return "/".join(kept)
