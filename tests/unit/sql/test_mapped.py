"""Edited text leads every offset back to where it came from."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millpond.location import Span
from millpond.sql.mapped import Edit, edited, part, position, span

AT = Span(Path("f.sql"), 10, 5)


def test_edits_apply_in_the_order_of_the_text():
    text = edited("abcdef", [Edit(4, 5, "55"), Edit(1, 3, "")])
    assert text == "ad55f"
    assert text.origin == "abcdef"
    assert [text.origin_offset(i) for i in range(5)] == [0, 3, 4, 4, 5]


def test_edits_that_overlap_are_refused():
    with pytest.raises(ValueError, match="overlaps"):
        edited("abcdef", [Edit(0, 3, "x"), Edit(2, 4, "y")])


def test_positions_count_lines_and_columns_from_the_start_of_the_text():
    text = "ab\ncd\r\nef"
    assert position(AT, text, 1) == Span(AT.file, 10, 6)
    assert position(AT, text, 3) == Span(AT.file, 11, 1)
    assert position(AT, text, 8) == Span(AT.file, 12, 2)
    assert span(AT, text, 0, 2) == Span(AT.file, 10, 5, 10, 7)


def test_positions_pass_through_every_edit():
    once = edited("x ${k} y", [Edit(2, 6, "long value")])
    twice = edited(once, [Edit(0, 1, "SELECT")])
    assert twice == "SELECT long value y"
    assert position(AT, twice, twice.index("y")) == Span(AT.file, 10, 12)
    assert position(AT, twice, twice.index("value")) == Span(AT.file, 10, 7)


@st.composite
def edited_texts(draw):
    text = draw(st.text("abcdefgh\n", max_size=12))
    for _ in range(draw(st.integers(0, 2))):
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
        pairs = zip(cuts[::2], cuts[1::2], strict=False)
        text = edited(text, [Edit(a, b, draw(st.text("XYZ", max_size=3))) for a, b in pairs])
    return text


@given(edited_texts(), st.data())
def test_a_part_is_the_slice_and_keeps_its_places(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    piece = part(text, start, end)
    assert piece == text[start:end]
    at_piece = position(Span(AT.file, 1, 1), text, start)
    for offset, character in enumerate(piece):
        if character.islower():  # a character of the origin, not of an edit
            found = position(at_piece, piece, offset)
            assert found == position(Span(AT.file, 1, 1), text, start + offset)
