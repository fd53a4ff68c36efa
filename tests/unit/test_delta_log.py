"""What the folder of a Delta table tells without Spark."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond import delta_log


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A folder with what a writer makes before its first commit."""
    (tmp_path / "_delta_log" / "_staged_commits").mkdir(parents=True)
    return tmp_path


def has(table: Path, *names: str) -> None:
    for name in names:
        (table / "_delta_log" / name).touch()


def test_a_folder_without_a_commit_is_no_table(tmp_path: Path, table: Path) -> None:
    has(table, ".00000000000000000000.json.tmp", ".00000000000000000000.json.crc")

    assert not delta_log.is_table(tmp_path / "not there")
    assert not delta_log.is_table(table)
    assert delta_log.commits(table) == []


def test_commits_in_order(table: Path) -> None:
    first, second = f"{0:020}.json", f"{1:020}.json"
    has(table, second, first, "_last_checkpoint", f"{0:020}.crc", f"{0:020}.{1:020}.compacted.json")

    assert delta_log.is_table(table)
    assert [file.name for file in delta_log.commits(table)] == [first, second]


def test_a_table_whose_commits_were_cleaned_away_has_its_checkpoint(table: Path) -> None:
    has(table, f"{7:020}.checkpoint.parquet")

    assert delta_log.is_table(table)
    assert delta_log.commits(table) == []
