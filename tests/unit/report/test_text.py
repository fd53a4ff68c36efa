"""Numbers, shares, times and names as text."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millpond.report import text


def test_the_examples_in_the_docstrings() -> None:
    assert doctest.testmod(text).failed == 0


@given(whole=st.integers(2, 10**9), data=st.data())
def test_a_share_never_hides_a_failure_or_a_pass(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(1, whole - 1))
    shown = float(text.percent(part, whole).rstrip("%"))
    assert 0 < shown < 100
    assert abs(shown - 100 * part / whole) <= 0.1


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("main.gold.sales", "main.gold.sales"),
        ("main.gold.day 1", "main.gold.`day 1`"),
        ("main.gold.a.b", "main.gold.`a.b`"),
        ("main.my-schema.`", "main.`my-schema`.````"),
    ],
)
def test_names_as_sql_takes_them(name: str, quoted: str) -> None:
    assert text.quoted_name(name) == quoted


def test_the_width_is_that_of_the_terminal_within_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    for columns, width in (("20", 60), ("90", 90), ("400", 120)):
        monkeypatch.setenv("COLUMNS", columns)
        assert text.terminal_width() == width


def test_columns_line_up_under_wide_characters() -> None:
    assert text.table([["売上", "1"], ["a", "20"]], "<>") == ["売上   1", "a     20"]


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("plain, naïve and 日本", "plain, naïve and 日本"),
        ("a\tb\nc", "a\tb\nc"),
        ("\x1b]0;title\x07", "[U+001B]]0;title[U+0007]"),
        ("over\rwritten\x9b2J", "over[U+000D]written[U+009B]2J"),
        ("\u202etxt.exe", "[U+202E]txt.exe"),
        ("\udcff", "[U+DCFF]"),
    ],
)
def test_what_commands_a_terminal_is_shown_by_its_number(given_text: str, shown: str) -> None:
    assert text.visible(given_text) == shown
