"""An error as text: three parts, and carets exactly under the offending characters."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond.events.outcome import ErrorSummary
from millpond.location import Span
from millpond.report.diagnostics import render_error
from millpond.report.text import cells


def shown(file: Path, line: str, column: int, end: int | None, **options: int | bool) -> list[str]:
    """The lines of an error at a range of a file's second line."""
    file.write_text(f"first\n{line}\nthird\n", encoding="utf-8")
    at = Span(file, 2, column, 2 if end else None, end)
    error = ErrorSummary("CODE", "what is wrong", "what to do", at)
    return render_error(error, relative_to=file.parent, **options).splitlines()  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file to point into; each test its own, as source lines are cached."""
    return tmp_path / "silver.sql"


def test_the_three_parts(file: Path) -> None:
    assert shown(file, "SELECT a, bcd FROM x", 11, 14) == [
        "error[CODE]: what is wrong",
        "  --> silver.sql:2:11",
        "   |",
        " 2 | SELECT a, bcd FROM x",
        "   |           ^^^",
        "hint: what to do",
    ]


def test_without_an_end_one_caret(file: Path) -> None:
    assert shown(file, "SELECT a", 8, None)[-2] == "   |        ^"


def test_tabs_before_the_range_keep_the_caret_in_place(file: Path) -> None:
    _, _, _, source, carets, _ = shown(file, "\tSELECT\tbcd", 9, 12)
    assert source.index("bcd") == carets.index("^^^")


def test_wide_characters_before_the_range_keep_the_caret_in_place(file: Path) -> None:
    _, _, _, source, carets, _ = shown(file, "SELECT '売上' AS bcd", 16, 19)
    assert cells(source[: source.index("bcd")]) == carets.index("^^^")


@pytest.mark.parametrize("column", [1, 30, 150, 290])
def test_a_long_line_is_cut_around_the_range(file: Path, column: int) -> None:
    line = "".join(chr(ord("a") + number % 26) for number in range(300))
    _, _, _, source, carets, _ = shown(file, line, column, column + 5, width=60)
    first = carets.index("^")
    assert source[first : first + 5] == line[column - 1 : column + 4]
    assert carets.count("^") == 5
    assert max(len(source), len(carets)) <= 60


def test_a_range_over_lines_is_marked_to_the_end_of_its_first(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("x = f(\n  1)\n", encoding="utf-8")
    text = render_error(ErrorSummary("C", "m", "h", Span(file, 1, 5, 2, 5)))
    assert "   |     ^^" in text.splitlines()


def test_a_range_after_the_last_character(file: Path) -> None:
    """As where something is missing at the end of a line."""
    assert shown(file, "SELECT", 7, 7)[-2] == "   |       ^"


def test_a_file_that_cannot_be_read_shows_the_place_alone(tmp_path: Path) -> None:
    error = ErrorSummary("C", "m", "h", Span(tmp_path / "gone.py", 3, 4))
    assert render_error(error, relative_to=tmp_path).splitlines() == [
        "error[C]: m",
        "  --> gone.py:3:4",
        "hint: h",
    ]


def test_an_error_without_a_place() -> None:
    assert render_error(ErrorSummary("C", "m", "h")) == "error[C]: m\nhint: h"


def test_colour_adds_nothing_but_colour(file: Path) -> None:
    import click

    plain = shown(file, "SELECT a", 8, 9)
    coloured = shown(file, "SELECT a", 8, 9, colour=True)
    assert coloured != plain
    assert [click.unstyle(line) for line in coloured] == plain


def test_a_message_commands_no_terminal() -> None:
    """A row of the user's data may be in it."""
    shown = render_error(ErrorSummary("FLOW_FAILED", "row \x1b[2Jx", "\x1b]0;t\x07", None))
    assert "\x1b" not in shown
    assert "row [U+001B][2Jx" in shown
