"""The log of a Delta table as files: whether there is a table, and which commits it has."""

from __future__ import annotations

from pathlib import Path

LOG = "_delta_log"


def is_table(folder: Path) -> bool:
    """Whether a folder is a Delta table.

    A writer that was killed before its first commit leaves a log without one: no table yet.
    """
    return any(file.name.partition(".")[0].isdigit() for file in (folder / LOG).glob("*.*"))


def commits(table: Path) -> list[Path]:
    """The files of the versions that a table's log still tells of, the earliest first."""
    return sorted(file for file in (table / LOG).glob("*.json") if file.stem.isdigit())
