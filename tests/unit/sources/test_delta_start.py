"""Where a new stream over a Delta table starts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from millpond.sources.delta_start import only_grew, start_options

CREATED: list[dict[str, Any]] = [
    {"commitInfo": {"operation": "WRITE"}},
    {"protocol": {"minReaderVersion": 1}},
    {"metaData": {"id": "t", "configuration": {}}},
]
ADDED: dict[str, Any] = {"add": {"path": "a.parquet", "dataChange": True}}


def table(folder: Path, *commits: list[dict[str, Any]], first: int = 0) -> Path:
    """A Delta table's log with these commits."""
    log = folder / "_delta_log"
    log.mkdir(parents=True)
    for version, actions in enumerate(commits, first):
        lines = "\n".join(json.dumps(action) for action in actions)
        (log / f"{version:020}.json").write_text(lines, encoding="utf-8")
    return folder


def test_a_table_that_only_grew_is_read_from_its_first_commit(tmp_path: Path) -> None:
    grown = table(tmp_path, [*CREATED, ADDED], [ADDED, {"txn": {"appId": "q", "version": 0}}])
    assert start_options(grown, {"maxFilesPerTrigger": "1"}) == {"startingVersion": "0"}


@pytest.mark.parametrize(
    "second",
    [
        [{"remove": {"path": "a.parquet", "dataChange": True}}],
        [{"cdc": {"path": "c.parquet"}}],
        [{"add": {"path": "b.parquet", "dataChange": False}}],
        [{"add": {"path": "b.parquet", "deletionVector": {"cardinality": 1}}}],
        [{"metaData": {"id": "t", "configuration": {}}}],
    ],
    ids=["deleted", "changed", "compacted", "deletion vector", "new columns"],
)
def test_any_other_history_needs_the_snapshot(second: list[Any], tmp_path: Path) -> None:
    assert not only_grew(table(tmp_path, [*CREATED, ADDED], second))


def test_a_log_without_its_beginning_needs_the_snapshot(tmp_path: Path) -> None:
    assert not only_grew(table(tmp_path, [ADDED], first=3))


def test_a_long_log_is_not_read(tmp_path: Path) -> None:
    assert not only_grew(table(tmp_path, CREATED, *([[ADDED]] * 20)))


def test_mapped_columns_need_the_snapshot(tmp_path: Path) -> None:
    mapped = {"metaData": {"id": "t", "configuration": {"delta.columnMapping.mode": "name"}}}
    assert not only_grew(table(tmp_path, [mapped, ADDED]))


@pytest.mark.parametrize("option", ["startingVersion", "readChangeFeed", "withEventTimeOrder"])
def test_what_the_user_says_stands(option: str, tmp_path: Path) -> None:
    assert start_options(table(tmp_path, [*CREATED, ADDED]), {option: "1"}) == {}


def test_a_folder_that_is_no_table(tmp_path: Path) -> None:
    assert start_options(tmp_path, {}) == {}
