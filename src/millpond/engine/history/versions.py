"""When the versions of a Delta table were written, from its log alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millpond import delta_log

UPKEEP = frozenset(("OPTIMIZE", "VACUUM START", "VACUUM END", "SET TBLPROPERTIES", "ADD COLUMNS"))
"""Operations that change no row."""


def commits(table: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The versions of a table that its log still tells of, the latest first, with `commitInfo`."""
    for file in reversed(delta_log.commits(table)):
        for line in file.read_text(encoding="utf-8").splitlines():
            action = json.loads(line)
            if "commitInfo" in action:
                yield int(file.stem), action["commitInfo"]
                break


def last_change(table: Path) -> int | None:
    """When rows of a table were written last, in milliseconds; None if its log does not tell."""
    for _, info in commits(table):
        if info.get("operation") not in UPKEEP:
            return int(info["timestamp"])
    return None


def version_at(table: Path, time: int) -> int | None:
    """The version that was the latest at a time; None if it still is, or is not there any more."""
    for index, (version, info) in enumerate(commits(table)):
        if int(info["timestamp"]) <= time:
            return version if index else None
    return None


def is_made_after(table: Path, time: int) -> bool:
    """Whether all versions of a table that its log still tells of are younger than a time."""
    return all(int(info["timestamp"]) > time for _, info in commits(table))
