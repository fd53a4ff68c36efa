"""The model of flows from snapshots: what a target holds after a sequence of them (4.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from millpond.definitions import StoredAs
from millpond.testing.cdc_model import END_AT, EVERY_COLUMN, START_AT, Columns

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotRules:
    """The settings of `create_auto_cdc_from_snapshot_flow` (reference 1.6)."""

    keys: tuple[str, ...]
    stored_as: StoredAs = StoredAs.SCD_TYPE_1
    track_history: Columns = EVERY_COLUMN


@dataclass(frozen=True, slots=True)
class _Version:
    values: Row
    start: Any
    end: Any = None


def snapshot_rows(
    snapshots: Iterable[tuple[Any, Sequence[Row]]], rules: SnapshotRules
) -> list[dict[str, Any]]:
    """The rows of the target after snapshots, each a version and its rows, in that order.

    A snapshot whose version is not above the one before is left out.

    Raises:
        ValueError: two rows of one snapshot with the same key.
    """
    latest: Any = None
    closed: list[_Version] = []
    current: dict[tuple[Any, ...], _Version] = {}
    for version, rows in snapshots:
        if latest is not None and version <= latest:
            continue
        latest = version
        found = {tuple(row[key] for key in rules.keys): row for row in rows}
        if len(found) < len(rows):
            raise ValueError(f"two rows of snapshot {version} have the same key")
        gone = [key for key in current if key not in found]
        closed += [replace(current.pop(key), end=version) for key in gone]
        for key, row in found.items():
            known = current.get(key)
            if known is not None and _same(known.values, row, rules):
                current[key] = replace(known, values=row)
                continue
            if known is not None:
                closed.append(replace(known, end=version))
            current[key] = _Version(row, version)
    if rules.stored_as is StoredAs.SCD_TYPE_1:
        return [dict(each.values) for each in current.values()]
    return [
        {**each.values, START_AT: each.start, END_AT: each.end}
        for each in (*closed, *current.values())
    ]


def _same(one: Row, other: Row, rules: SnapshotRules) -> bool:
    tracked = rules.track_history.of(name for name in other if name not in rules.keys)
    return all(one[name] == other[name] for name in tracked)
