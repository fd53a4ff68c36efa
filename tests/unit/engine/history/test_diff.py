"""Versions of a table are compared as its users see them, without Spark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake
from hypothesis import given, settings
from hypothesis import strategies as st

from millpond import codes
from millpond.definitions import QualifiedName
from millpond.engine.history.diff import TableDiff, diff_table
from millpond.engine.state import State, StoredTable
from millpond.errors import MillpondError

NAME = QualifiedName("main", "default", "t")
SCHEMA = pa.schema([("id", pa.int64()), ("word `x`", pa.string()), ("list", pa.list_(pa.int64()))])
Rows = list[tuple[Any, ...]]


def state_of(folder: Path, *versions: Rows, schema: pa.Schema = SCHEMA, **stored: Any) -> State:
    """A state with one table, each of whose versions replaced the one before."""
    state = State(folder)
    state.record(StoredTable(*(NAME.catalog, NAME.schema, NAME.name), "k", "p", 0, True, **stored))
    for rows in versions:
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
        table = pa.table(list(map(list, columns)), schema=schema)
        write_deltalake(state.table_path(NAME), table, mode="overwrite")
    return state


def numbers(found: TableDiff) -> tuple[int, int, int]:
    return found.added, found.removed, found.changed


def test_rows_are_told_apart_as_often_as_they_are_there(tmp_path: Path) -> None:
    state = state_of(
        tmp_path,
        [(1, "a", [1]), (1, "a", [1]), (2, None, None)],
        [(1, "a", [1]), (2, None, None), (3, "c", [])],
    )
    found = diff_table(state, NAME)
    assert numbers(found) == (1, 1, 0)
    assert found.added_rows == ({"id": 3, "word `x`": "c", "list": []},)
    assert found.removed_rows == ({"id": 1, "word `x`": "a", "list": [1]},)


def test_rows_of_the_same_key_are_changed(tmp_path: Path) -> None:
    state = state_of(tmp_path, [(1, "a", None), (2, "b", None)], [(1, "x", [1]), (3, "c", None)])
    found = diff_table(state, NAME, key=("ID",))
    assert numbers(found) == (1, 1, 1)
    (row,) = found.changed_rows
    assert row.key == {"id": 1}
    assert row.columns == {"word `x`": ("a", "x"), "list": (None, [1])}


def test_the_key_of_auto_cdc_is_used_and_hidden_rows_are_not_seen(tmp_path: Path) -> None:
    schema = pa.schema([("id", pa.int64()), ("v", pa.int64()), ("__millpond_row", pa.string())])
    state = state_of(
        tmp_path,
        [(1, 1, "row"), (2, 1, "row")],
        [(1, 2, "row"), (2, 1, "tombstone")],
        schema=schema,
        changes={"keys": "id bigint", "history": "SCD type 1"},
    )
    found = diff_table(state, NAME)
    assert (found.key, numbers(found)) == (("id",), (0, 1, 1))
    assert found.removed_rows == ({"id": 2, "v": 1},)
    assert "__millpond" not in str(found.to_json())


def test_columns_of_one_version_only_are_told(tmp_path: Path) -> None:
    state = state_of(tmp_path, [(1, "a", None)])
    wider = pa.table({"id": [1], "new": ["n"]})
    write_deltalake(state.table_path(NAME), wider, mode="overwrite", schema_mode="overwrite")
    found = diff_table(state, NAME, key=("id",))
    assert (found.new_columns, found.lost_columns) == (("new",), ("word `x`", "list"))
    assert found.changed_rows[0].columns == {"word `x`": ("a", None), "new": (None, "n")}


def test_the_first_version_is_all_new_and_versions_may_be_named(tmp_path: Path) -> None:
    state = state_of(tmp_path, [(1, "a", None)], [(2, "b", None)], [(3, "c", None)])
    assert diff_table(state, NAME, end="0").before is None
    assert numbers(diff_table(state, NAME, end="0")) == (1, 0, 0)
    found = diff_table(state, NAME, start="0", end="2")
    assert found.before is not None
    assert (found.before.version, found.after.version) == (0, 2)


def test_what_there_is_not_is_refused(tmp_path: Path) -> None:
    state = state_of(tmp_path, [(1, "a", None)])
    for code, name, options in (
        (codes.HISTORY_UNKNOWN_TABLE, QualifiedName("main", "default", "u"), {}),
        (codes.HISTORY_UNKNOWN_VERSION, NAME, {"start": "9"}),
        (codes.HISTORY_UNKNOWN_VERSION, NAME, {"end": "abcdef01"}),
        (codes.HISTORY_UNKNOWN_COLUMN, NAME, {"key": ("idd",)}),
    ):
        with pytest.raises(MillpondError) as raised:
            diff_table(state, name, **options)  # type: ignore[arg-type]
        assert raised.value.code is code


@settings(max_examples=25)
@given(st.data())
def test_the_difference_makes_one_version_of_the_other(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    row = st.tuples(st.sampled_from([None, 1, 2]), st.sampled_from(["a", "b"]), st.none())
    before, after = data.draw(st.lists(row)), data.draw(st.lists(row))
    state = state_of(tmp_path_factory.mktemp("t"), before, after)
    found = diff_table(state, NAME, limit=100)
    for added in found.added_rows:
        before.append(tuple(added.values()))
    for removed in found.removed_rows:
        before.remove(tuple(removed.values()))
    assert sorted(before, key=repr) == sorted(after, key=repr)
