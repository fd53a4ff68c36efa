"""A file is cut at its top-level semicolons, and every statement knows its place."""

from pathlib import Path

import pytest

from millpond.codes import PARSE_SYNTAX_ERROR
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.statements import split

FILE = Path("f.sql")


def test_only_semicolons_between_tokens_split():
    text = "SELECT ';' AS a; -- not; here\nSELECT `a;b`, \"c;d\" /* e;f */\n;;\nSELECT 3"
    assert [statement.text for statement in split(text, FILE)] == [
        "SELECT ';' AS a",
        'SELECT `a;b`, "c;d"',
        "SELECT 3",
    ]


def test_a_statement_starts_at_its_first_token_and_ends_with_its_last():
    (statement,) = split("\n\n  -- about it\n  SELECT 1,\n 2 -- end\n ; ", FILE)
    assert statement.text == "SELECT 1,\n 2"
    assert statement.at == Span(FILE, 4, 3, 5, 3)
    assert [(t.text, t.start) for t in statement.tokens][:2] == [("SELECT", 0), ("1", 7)]


@pytest.mark.parametrize("text", ["", " \n", "-- nothing\n/* at all */", ";;"])
def test_nothing_is_no_statement(text):
    assert split(text, FILE) == []


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_breaks_of_all_systems_count_once(newline):
    first, second = split(newline.join(["SELECT 1;", "", "\tSELECT 2"]), FILE)
    assert (first.at.line, second.at.line, second.at.column) == (1, 3, 2)


def test_lines_count_on_from_the_first_line_given():
    (statement,) = split("\n SELECT 1", FILE, first_line=7)
    assert (statement.at.line, statement.at.column) == (8, 2)


def test_an_open_string_is_an_error_at_its_quote():
    with pytest.raises(MillpondError) as caught:
        split("SELECT 1;\nSELECT 'it;\nSELECT 2", FILE)
    assert caught.value.code == PARSE_SYNTAX_ERROR
    assert caught.value.at == Span(FILE, 2, 8)
