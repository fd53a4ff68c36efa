"""Places in the user's source: their lines, and the word within them that an error is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond.location import Span, unfiled

QUERY = """\
return (
    orders.where("total > 0")
    .agg(F.sum("totl"))
)
"""


def test_a_text_that_is_in_no_file_has_lines_too() -> None:
    at = Span(unfiled("<sql>", "SELECT a\nFROM b"), 2, 6)
    assert at.source_line() == "FROM b"
    assert at.shown() == "<sql>:2:6"


def test_its_latest_text_counts() -> None:
    unfiled("<sql>", "SELECT 1")
    assert Span(unfiled("<sql>", "SELECT 2"), 1).source_line() == "SELECT 2"


@pytest.fixture
def query(tmp_path: Path) -> Span:
    """A Python expression over four lines."""
    file = tmp_path / "a.py"
    file.write_text(QUERY)
    return Span(file, 1, 8, 4, 2)


def test_the_one_place_of_a_word(query: Span) -> None:
    assert query.narrowed("totl") == Span(query.file, 3, 17, 3, 21)


@pytest.mark.parametrize("word", ["tot", "missing", ""])
def test_a_word_that_is_not_there_leaves_the_range(query: Span, word: str) -> None:
    assert query.narrowed(word) == query


def test_a_word_that_is_there_twice_leaves_the_range(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("total = total\n")
    assert Span(file, 1, 1, 1, 14).narrowed("total") == Span(file, 1, 1, 1, 14)
    assert Span(file, 1, 5, 1, 14).narrowed("total") == Span(file, 1, 9, 1, 14)


def test_a_place_without_an_end_or_a_file_stays(query: Span, tmp_path: Path) -> None:
    start = Span(query.file, 3)
    assert start.narrowed("totl") == start
    gone = Span(tmp_path / "gone.py", 1, 1, 2, 1)
    assert gone.narrowed("totl") == gone
