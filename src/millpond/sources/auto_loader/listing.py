"""Which files there are, as Spark will list them: recursively, hidden ones left out."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from millpond import codes
from millpond.errors import MillpondError

if TYPE_CHECKING:
    from millpond.location import Span
    from millpond.sources.auto_loader.options import Options

_BRACES = re.compile(r"\{([^{}]*)\}")
_GLOB = re.compile(r"[*?\[{]")
_LEGAL = re.compile(r"[\s\x00-\x1f\x7f\"%<>\[\\\]^`{|}#?]")
_HIVE = re.compile(r"/([^/=]+)=([^/]*)(?=/)")


@dataclass(frozen=True, slots=True, order=True)
class DataFile:
    """A file to read.

    Attributes:
        path: absolute.
        modified: nanoseconds since 1970.
        size: in bytes.
    """

    path: str
    modified: int
    size: int

    @property
    def name(self) -> str:
        """The last component of the path."""
        return os.path.basename(self.path)

    @property
    def uri_path(self) -> str:
        """The path as it stands behind `file:` in `_metadata.file_path`."""
        return encoded(self.path)


def encoded(path: str) -> str:
    """A path as it stands in a URI of Spark's."""
    return _LEGAL.sub(_percent_encoded, path)


def list_files(
    path: str, options: Options, at: Span | None, user_path: str | None = None
) -> tuple[DataFile, ...]:
    """The files below a path or glob, in the order of their paths.

    Args:
        user_path: the path as the user wrote it, for the message.

    Raises:
        MillpondError: CF_PATH_NOT_FOUND if the path has no pattern and does not exist.
    """
    path = local_file(path)
    if _GLOB.search(path):
        roots = [root for pattern in expand_braces(path) for root in _glob(pattern)]
    elif os.path.exists(path):
        roots = [path]
    else:
        raise MillpondError(codes.CF_PATH_NOT_FOUND, at=at, path=user_path or path)
    names = expand_braces(options.name_glob) if options.name_glob else ["*"]
    found = {file for root in roots for file in _walk(root) if _named(file, names)}
    after, before = moment(options.modified_after, at), moment(options.modified_before, at)
    return tuple(
        file
        for file in sorted(_stat(each) for each in found)
        if (after is None or file.modified > after) and (before is None or file.modified < before)
    )


def local_file(path: str) -> str:
    """A path without `file:` and made absolute."""
    return os.path.abspath(re.sub(r"^file:/+", "/", path)) + ("/" if path.endswith("/") else "")


def moment(text: str | None, at: Span | None) -> int | None:
    """`modifiedAfter` and `modifiedBefore`, UTC, in nanoseconds since 1970."""
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError as error:
        raise MillpondError(
            codes.CF_INVALID_OPTION_VALUE,
            at=at,
            key="modifiedAfter or modifiedBefore",
            value=text,
            allowed="a time such as 2024-01-31T00:00:00",
        ) from error
    time = time if time.tzinfo else time.replace(tzinfo=timezone.utc)
    return int(time.timestamp() * 1e9)


def partitions_of(paths: Iterable[str]) -> dict[str, set[str]]:
    """The values of each `name=value` folder that all files lie in; none if they differ."""
    found: list[dict[str, str]] = [dict(_HIVE.findall(path)) for path in paths]
    if not found or any(set(each) != set(found[0]) for each in found):
        return {}
    return {name: {each[name] for each in found} for name in found[0]}


def expand_braces(pattern: str) -> list[str]:
    """`{a,b}` written out, as Hadoop's globs mean it."""
    match = _BRACES.search(pattern)
    if match is None:
        return [pattern]
    before, after = pattern[: match.start()], pattern[match.end() :]
    return [
        expanded
        for choice in match.group(1).split(",")
        for expanded in expand_braces(f"{before}{choice}{after}")
    ]


def _glob(pattern: str) -> list[str]:
    return [path for path in glob.glob(pattern.replace("[^", "[!")) if not _hidden(path)]


def _walk(root: str) -> Iterator[str]:
    if os.path.isfile(root):
        yield root
        return
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not _hidden(name)]
        yield from (os.path.join(folder, name) for name in files if not _hidden(name))


def _hidden(path: str) -> bool:
    name = os.path.basename(path.rstrip("/"))
    return (
        name.startswith(".") or name.endswith("._COPYING_") or (name[:1] == "_" and "=" not in name)
    )


def _named(path: str, patterns: list[str]) -> bool:
    name = os.path.basename(path)
    return any(fnmatchcase(name, pattern.replace("[^", "[!")) for pattern in patterns)


def _stat(path: str) -> DataFile:
    status = os.stat(path)
    return DataFile(path, status.st_mtime_ns, status.st_size)


def _percent_encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode())
