"""Text made from other text by edits, which still knows where each of its characters came from.

A query reaches Spark after `${key}` substitution and after its tables were replaced; an offset
that Spark reports must lead back to the user's file all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from millpond.location import Span

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


class Edit(NamedTuple):
    """`origin[start:end]` is to become `text`."""

    start: int
    end: int
    text: str


class MappedText(str):
    """A string that remembers the text it was made from.

    Attributes:
        origin: the text before the edits; itself perhaps a MappedText.
        edits: sorted, not overlapping.
    """

    origin: str
    edits: tuple[Edit, ...]

    def origin_offset(self, offset: int) -> int:
        """Where the character at `offset` was in `origin`.

        What an edit put there counts as the start of what it replaced.
        """
        shift = 0  # how much longer the text before `offset` is than its origin
        for edit in self.edits:
            start = edit.start + shift
            if offset < start:
                break
            if offset < start + len(edit.text):
                return edit.start
            shift += len(edit.text) - (edit.end - edit.start)
        return offset - shift


def edited(text: str, edits: Iterable[Edit]) -> MappedText:
    """`text` with every edit applied; edits at one place are applied in the order given.

    Raises:
        ValueError: if two edits overlap, or one reaches beyond the text.
    """
    ordered = tuple(sorted(edits, key=lambda edit: (edit.start, edit.end)))
    pieces: list[str] = []
    done = 0
    for edit in ordered:
        if not done <= edit.start <= edit.end <= len(text):
            raise ValueError(f"edit {edit} overlaps another or leaves the text")
        pieces += (text[done : edit.start], edit.text)
        done = edit.end
    mapped = MappedText("".join(pieces) + text[done:])
    mapped.origin = text
    mapped.edits = ordered
    return mapped


def part(text: str, start: int, end: int) -> str:
    """`text[start:end]`, made from its part of the origin by the edits that fall into it."""
    if not isinstance(text, MappedText):
        return text[start:end]
    origin = text.origin
    first = text.origin_offset(start)
    last = len(origin) if end >= len(text) else text.origin_offset(end)
    kept: list[Edit] = []
    shift = 0
    for edit in text.edits:
        made = edit.start + shift
        shift += len(edit.text) - (edit.end - edit.start)
        if made + len(edit.text) < start or made > end or edit.end < first or edit.start > last:
            continue
        shown = edit.text[max(0, start - made) : max(0, end - made)]
        kept.append(Edit(max(edit.start, first) - first, min(edit.end, last) - first, shown))
    return edited(part(origin, first, last), kept)


def position(at: Span, text: str, offset: int) -> Span:
    """Where `text[offset]` is in the user's file, if what `text` was made from starts at `at`."""
    while isinstance(text, MappedText):
        offset = text.origin_offset(offset)
        text = text.origin
    breaks = list(_LINE_BREAK.finditer(text, 0, max(0, min(offset, len(text)))))
    if not breaks:
        return Span(at.file, at.line, at.column + offset)
    return Span(at.file, at.line + len(breaks), offset - breaks[-1].end() + 1)


def span(at: Span, text: str, start: int, end: int) -> Span:
    """The range of `text[start:end]` in the user's file."""
    first, last = position(at, text, start), position(at, text, max(start, end - 1))
    return Span(first.file, first.line, first.column, last.line, last.column + 1)
