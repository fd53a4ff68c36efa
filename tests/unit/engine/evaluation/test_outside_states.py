"""Where a table of a state folder is found when a mapping names another state folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from millpond.definitions import QualifiedName
from millpond.engine.evaluation.outside import OutsideTables
from millpond.engine.state import State, StoredTable
from millpond.location import Span
from millpond.sources.inputs import load_inputs


def state(folder: Path, *names: str) -> State:
    folder.mkdir()
    found = State(folder)
    for name in names:
        found.record(StoredTable("main", "default", name, "STREAMING_TABLE", "p", created=True))
    return found


def test_a_pattern_of_names_leaves_the_tables_here_where_they_are(tmp_path: Path) -> None:
    here, there = state(tmp_path / "here", "own", "both"), state(tmp_path / "there", "both")
    file = tmp_path / "millpond.yml"
    file.write_text("tables:\n  main.default.*: {state: there}\n", encoding="utf-8")
    session: Any = None
    tables = OutsideTables(session, here, load_inputs(file, "default"))

    def found(name: str) -> Path | None:
        return tables.delta_path(QualifiedName("main", "default", name), Span(file, 1))

    assert found("own") == here.table_path(QualifiedName("main", "default", "own"))
    assert found("both") == there.table_path(QualifiedName("main", "default", "both"))
    assert found("neither") is None
