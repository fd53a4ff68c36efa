"""Versions of a Delta table by the time of their commits."""

from __future__ import annotations

import json
from pathlib import Path

from millpond.engine.history.versions import is_made_after, last_change, version_at


def commit(table: Path, version: int, time: int, operation: str = "WRITE") -> None:
    log = table / "_delta_log"
    log.mkdir(exist_ok=True)
    info = {"commitInfo": {"timestamp": time, "operation": operation}}
    (log / f"{version:020}.json").write_text(json.dumps(info) + "\n", encoding="utf-8")


def test_the_version_that_was_the_latest_then(tmp_path: Path) -> None:
    for version, time in enumerate((100, 200, 300)):
        commit(tmp_path, version, time)
    assert version_at(tmp_path, 250) == 1
    assert version_at(tmp_path, 300) is None  # it still is the latest
    assert version_at(tmp_path, 50) is None  # there was none
    assert is_made_after(tmp_path, 50)
    assert not is_made_after(tmp_path, 100)


def test_upkeep_changes_no_row(tmp_path: Path) -> None:
    commit(tmp_path, 0, 100)
    commit(tmp_path, 1, 200, "OPTIMIZE")
    assert last_change(tmp_path) == 100
    assert last_change(tmp_path / "none") is None
