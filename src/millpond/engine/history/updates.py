"""Which versions of a table the updates of a pipeline wrote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from millpond import codes
from millpond.engine.history.versions import UPKEEP, commits
from millpond.engine.state import State, StoredTable
from millpond.errors import MillpondError
from millpond.events.reader import LoggedUpdate, LogReader

_LONGEST_VERSION = 7
"""Digits; a longer word is the start of an update's id."""


@dataclass(frozen=True, slots=True)
class TableVersion:
    """A version of a table, when it was written, and by which update if that is known."""

    version: int
    written: datetime
    update: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Its JSON form."""
        return {
            "version": self.version,
            "written": self.written.isoformat(),
            "update_id": self.update,
        }


def chosen_versions(
    state: State, stored: StoredTable, path: Path, start: str | None, end: str | None
) -> tuple[TableVersion | None, TableVersion]:
    """Two versions to compare; the first is None for the table before it had any row.

    Without a choice they are those that the last two updates which changed the table left.

    Raises:
        MillpondError: HISTORY_UNKNOWN_VERSION, DIFF_NOTHING.
    """
    log = LogReader(state.events, state.journal)
    versions = _versions(path, log.updates())
    if not versions:
        raise MillpondError(codes.DIFF_NOTHING, table=stored.qualified)
    after = _left(versions)[0] if end is None else _named(end, versions, stored)
    if start is not None:
        return _named(start, versions, stored), after
    earlier = [each for each in _left(versions) if each.version < after.version]
    own = [each for each in earlier if each.update is None or each.update != after.update]
    return (own[0] if own else None), after


def _versions(path: Path, updates: Sequence[LoggedUpdate]) -> list[TableVersion]:
    """The versions that changed rows, the latest first."""
    found = []
    for version, info in commits(path):
        if info.get("operation") in UPKEEP or _is_empty(info):
            continue
        written = datetime.fromtimestamp(int(info["timestamp"]) / 1000, timezone.utc)
        found.append(TableVersion(version, written, _update_at(written, updates)))
    return found


def _is_empty(info: dict[str, Any]) -> bool:
    """Whether a commit made the table and wrote no row."""
    return str(info.get("operation", "")).startswith("CREATE TABLE") and "numOutputRows" not in (
        info.get("operationMetrics") or {}
    )


def _update_at(time: datetime, updates: Iterable[LoggedUpdate]) -> str | None:
    """The update that was running at a time; `updates` are the latest first."""
    for update in updates:
        if update.started <= time:
            return update.id
    return None


def _left(versions: Sequence[TableVersion]) -> list[TableVersion]:
    """The last version of each update, the latest first; each version if no update is known."""
    left: list[TableVersion] = []
    for each in versions:
        if not left or each.update is None or each.update != left[-1].update:
            left.append(each)
    return left


def _named(word: str, versions: Sequence[TableVersion], stored: StoredTable) -> TableVersion:
    """A version by its number, or the last one of an update by the start of its id."""
    if word.isdigit() and len(word) <= _LONGEST_VERSION:
        found = [each for each in versions if each.version <= int(word)]
        # A version between two of these, of upkeep, has the rows of the one before.
        if found and int(word) <= versions[0].version:
            return found[0]
    else:
        found = [each for each in versions if each.update and each.update.startswith(word)]
        if found:
            return found[0]
    known = f"{versions[-1].version} to {versions[0].version}"
    raise MillpondError(
        codes.HISTORY_UNKNOWN_VERSION, table=stored.qualified, version=word, known=known
    )
