"""The record of a state folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from millpond import codes
from millpond.definitions import QualifiedName
from millpond.engine.state import STATE_FILE, State, StoredTable, read_state
from millpond.errors import MillpondError


def test_what_is_written_is_read(tmp_path: Path) -> None:
    state = State(tmp_path, "main", "sales", str(tmp_path))
    table = StoredTable("main", "sales", "größe", "STREAMING_TABLE", "p", wider={"n": "bigint"})
    state.record(table)

    assert read_state(tmp_path).tables == {table.qualified.key: table}


@pytest.mark.parametrize(
    "text",
    ["", "{half", "[]", "{}", '{"tables": [{"catalog": "main", "a field of tomorrow": 1}]}'],
)
def test_a_record_that_is_damaged_or_newer_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / STATE_FILE).write_text(text, encoding="utf-8")

    with pytest.raises(MillpondError) as refused:
        read_state(tmp_path)
    assert refused.value.code is codes.STATE_NOT_READABLE
    assert refused.value.params["file"] == tmp_path / STATE_FILE


def test_long_names_have_folders_of_their_own_that_a_file_system_takes(tmp_path: Path) -> None:
    """A letter may be nine of a folder's name."""
    state = State(tmp_path)
    names = [
        QualifiedName("main", "default", f"{letter * 254}{end}") for letter in "名t" for end in "ab"
    ]
    paths = {state.table_path(name) for name in names}

    assert len(paths) == len(names)
    for path in paths:
        path.mkdir(parents=True)
    assert state.table_path(QualifiedName("main", "default", "größe")).parent.name == "gr%C3%B6sse"


def test_a_new_generation_forgets_what_the_old_table_took(tmp_path: Path) -> None:
    state = State(tmp_path)
    name = QualifiedName("main", "default", "t")
    state.record(StoredTable("main", "default", "t", "STREAMING_TABLE", "p", created=True))
    old: Any = state.table_path(name)
    state.renew(name)

    assert state.table_path(name) != old
    assert not state.tables[name.key].created
