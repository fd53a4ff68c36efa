"""Tell, without asking Spark, whether the sources of a stream may hold something new.

A pass of a stream costs half a second however little there is to read, a look at a folder next
to nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from millpond.delta_log import commits
from millpond.engine.classic.plan import StreamSource

Marks = tuple[tuple[str, ...], ...]
"""Stands for what sources hold: equal marks, nothing new."""

_DELTA = re.compile(r"delta", re.IGNORECASE)
_URI = re.compile(r"file:/+")
_OTHER_PLACE = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_FILES = frozenset(("avro", "binaryfile", "csv", "json", "orc", "parquet", "text", "xml"))


def marks(sources: Sequence[StreamSource] | None) -> Marks | None:
    """What the sources hold now; None if that cannot be told without reading them."""
    found: list[tuple[str, ...]] = []
    for source in sources or ():
        folder = _folder(source.path)
        if folder is None:
            return None
        if _DELTA.search(source.format):
            found.append((_last_commit(folder),))
        elif source.format.casefold() in _FILES:
            found.append(tuple(sorted(_files(folder))))
        else:
            return None
    return tuple(found) or None


def _folder(path: str | None) -> Path | None:
    """The folder on this machine that a path names; None for patterns and other places."""
    if path is None:
        return None
    local = unquote(_URI.sub("/", path)) if _URI.match(path) else path
    folder = Path(local)
    return None if _OTHER_PLACE.match(local) or not folder.is_dir() else folder


def _last_commit(table: Path) -> str:
    return max((file.name for file in commits(table)), default="")


def _files(folder: Path) -> list[str]:
    found = []
    for below, _, names in os.walk(folder):
        for file in (Path(below, name) for name in names):
            try:
                known = file.stat()
            except OSError:  # it went away: what is there now is not what was there
                found.append(f"{file} is gone")
                continue
            found.append(f"{file} {known.st_size} {known.st_mtime_ns}")
    return found
