"""The model of flows from snapshots."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from millpond.definitions import StoredAs
from millpond.testing.cdc_model import Columns
from millpond.testing.snapshot_model import SnapshotRules, snapshot_rows

CURRENT = SnapshotRules(keys=("id",))
HISTORY = replace(CURRENT, stored_as=StoredAs.SCD_TYPE_2)


def rows(*values: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [dict(zip(("id", "name", "city"), each, strict=True)) for each in values]


FIRST = (1, rows((1, "a", "x"), (2, "b", "x")))
SECOND = (2, rows((2, "b", "y"), (3, "c", "x")))
THIRD = (5, rows((1, "a", "x"), (2, "b", "y")))


def test_scd_1_is_the_newest_snapshot() -> None:
    assert snapshot_rows([FIRST, SECOND], CURRENT) == SECOND[1]


def test_scd_2_closes_what_changed_or_is_gone() -> None:
    found = snapshot_rows([FIRST, SECOND, THIRD], HISTORY)
    assert sorted(tuple(row.values()) for row in found if row["__END_AT"] is not None) == [
        (1, "a", "x", 1, 2),
        (2, "b", "x", 1, 2),
        (3, "c", "x", 2, 5),
    ]
    assert sorted(tuple(row.values()) for row in found if row["__END_AT"] is None) == [
        (1, "a", "x", 5, None),
        (2, "b", "y", 2, None),
    ]


def test_a_column_without_history_is_updated_in_place() -> None:
    rules = replace(HISTORY, track_history=Columns(("city",)))
    found = snapshot_rows([(1, rows((2, "b", "x"))), (2, rows((2, "b", "y")))], rules)
    assert [tuple(row.values()) for row in found] == [(2, "b", "y", 1, None)]


def test_a_snapshot_that_comes_too_late_is_left_out() -> None:
    assert snapshot_rows([SECOND, FIRST, (2, [])], CURRENT) == SECOND[1]


def test_two_rows_of_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="the same key"):
        snapshot_rows([(1, rows((1, "a", "x"), (1, "b", "x")))], CURRENT)
