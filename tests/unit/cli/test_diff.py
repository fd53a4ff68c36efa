"""`millpond diff`: from names and options to the difference, without Java."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from millpond.definitions import QualifiedName
from millpond.engine.state import State, StoredTable

NAME = QualifiedName("main", "default", "orders")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state with a table of three versions."""
    made = State(tmp_path / "state")
    made.folder.mkdir()
    made.record(StoredTable(NAME.catalog, NAME.schema, NAME.name, "k", "p", 0, True))
    for amounts in ([1, 2], [1, 3], [1, 3, 4]):
        rows = pa.table({"id": list(range(len(amounts))), "amount": amounts})
        write_deltalake(made.table_path(NAME), rows, mode="overwrite")
    return made.folder


def test_the_last_change_as_text(cli: Callable[..., Any], state: Path) -> None:
    found = cli("diff", "orders", "--state", str(state)).assert_success()
    assert found.out.splitlines()[1:] == ["1 added, 0 removed", "+ id=2, amount=4"]


def test_versions_and_key_as_json(cli: Callable[..., Any], state: Path) -> None:
    words = ("diff", "default.orders", "--from", "0", "--key", "id", "-o", "json")
    document = json.loads(cli(*words, "--state", str(state)).assert_success().out)
    assert (document["from"]["version"], document["to"]["version"]) == (0, 2)
    assert (document["added"], document["removed"], document["changed"]) == (1, 0, 1)
    assert document["rows"]["changed"] == [
        {"key": {"id": 1}, "columns": {"amount": {"before": 2, "after": 3}}}
    ]


def test_a_table_that_is_not_there(cli: Callable[..., Any], state: Path) -> None:
    found = cli("diff", "order", "--state", str(state))
    assert found.status == 2
    assert "HISTORY_UNKNOWN_TABLE" in found.err
    assert "main.default.orders" in found.err
