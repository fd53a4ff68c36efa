"""An explanation as text."""

from __future__ import annotations

from pathlib import Path

from millpond.engine.explanation.outcome import (
    Explanation,
    FlowOrigin,
    FoundInput,
    FoundRow,
    Judgement,
    Origin,
)
from millpond.location import Span
from millpond.report.explanation import render_explanation

AT = Span(Path("/p/src/orders.py"), 3, 1)
RULE = Judgement("amount > 0", False, {"amount": -3}, "positive", "silver", "drop", AT)


def text_of(rows: tuple[FoundRow, ...], found: FoundInput) -> str:
    origin = Origin("silver", AT, (FlowOrigin("silver", AT, (), (found,)),))
    whole = Explanation("silver", "STREAMING_TABLE", {"id": "1"}, len(rows), rows, origin)
    return render_explanation(whole, Path("/p"), 80)


def test_each_step_is_below_what_it_led_to() -> None:
    row = FoundRow({"id": 1, "amount": -3}, "dbfs:/Volumes/raw/a.json", 7, (RULE,))
    shown = text_of((), FoundInput("files", "/Volumes/raw", AT, None, ("id",), 3, (row,)))
    assert shown == (
        "silver (streaming table), id=1: 0 rows\n"
        "  No row has these values. How far they came:\n"
        "  flow silver, src/orders.py:3:1\n"
        "    <- files /Volumes/raw: 3 records by id\n"
        "       dbfs:/Volumes/raw/a.json, line 7\n"
        "       id=1, amount=-3\n"
        "         positive (drop) of silver is not met, src/orders.py:3:1:\n"
        "           amount > 0 with amount=-3\n"
        "       and 2 rows more (--rows)"
    )


def test_hostile_values_command_no_terminal() -> None:
    row = FoundRow({"id": 1, "name\x1b[31m": "a\x1b]0;x\x07\nb"})
    shown = text_of((row,), FoundInput("dataset", "bronze\x1b[2J", AT, found=0))
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "name[U+001B][31m=a[U+001B]]0;x[U+0007] b" in shown
