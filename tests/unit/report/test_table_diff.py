"""A difference of versions as text."""

from __future__ import annotations

from datetime import datetime, timezone

from millpond.engine.history.diff import ChangedRow, TableDiff
from millpond.engine.history.updates import TableVersion
from millpond.report.table_diff import render_diff

TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


def test_numbers_first_then_rows() -> None:
    found = TableDiff(
        "main.default.t",
        TableVersion(3, TIME, "0123456789"),
        TableVersion(5, TIME),
        ("id",),
        30,
        1,
        1,
        ({"id": 3, "note": "x\x1b[31m"},),
        ({"id": 1, "note": None},),
        (ChangedRow({"id": 2}, {"note": ("a", "b")}),),
        ("new",),
    )
    assert render_diff(found, 80) == (
        "main.default.t: version 3 (2026-01-02 03:04:05 UTC, update 01234567) -> "
        "version 5 (2026-01-02 03:04:05 UTC)\n"
        "30 added, 1 removed, 1 changed (by id)\n"
        "+ column new\n"
        "~ id=2: note a -> b\n"
        "+ id=3, note=x[U+001B][31m\n"
        "- id=1, note=NULL\n"
        "and 29 rows more (--rows)"
    )
