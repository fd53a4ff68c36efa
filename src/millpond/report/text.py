"""Lay text out in a terminal: widths of characters, columns, numbers, times, names."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Sequence

from millpond.definitions import quoted

MIN_WIDTH, MAX_WIDTH = 60, 120
"""Narrower cannot hold a row; wider is harder to read across."""

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
"""Controls, what turns the direction of text, and halves of characters."""
_PLAIN_PART = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def terminal_width() -> int:
    """The columns to fill: those of the terminal, of COLUMNS, or 80."""
    return max(MIN_WIDTH, min(MAX_WIDTH, shutil.get_terminal_size((80, 24)).columns))


def cells(text: str) -> int:
    """How many terminal cells a text takes: two for wide characters, none for combining ones."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1
        for each in text
    )


def visible(text: str) -> str:
    """A text with the characters that nobody would see, or that command a terminal, as numbers.

    Names, messages and values come from the user's source and data. Tabs and line breaks stay.

    >>> visible("a" + chr(27) + "[31mb")
    'a[U+001B][31mb'
    """
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


def table(rows: Sequence[Sequence[str]], align: str, gap: str = "  ") -> list[str]:
    """Rows as lines of aligned columns; `align` has one of `<` and `>` a column.

    >>> table([["a", "1"], ["bcd", "20"]], "<>")
    ['a     1', 'bcd  20']
    """
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    return [gap.join(map(_padded, row, widths, align)).rstrip() for row in rows]


def count(number: int, noun: str = "") -> str:
    """A number with its thousands apart, and a noun in singular or plural.

    >>> count(20113, "row")
    '20,113 rows'
    """
    plural = "" if number == 1 else "s"
    return f"{number:,} {noun}{plural}" if noun else f"{number:,}"


def percent(part: int, whole: int) -> str:
    """A share that says 100% only of all and 0% only of none.

    >>> percent(99_999, 100_000), percent(3, 3), percent(1, 3)
    ('99.9%', '100%', '33.3%')
    """
    if part in (0, whole):
        return "0%" if part == 0 else "100%"
    tenths = max(1, part * 1000 // whole)  # rounded down, so that a failure never hides
    return f"{tenths // 10}.{tenths % 10}%"


def duration(seconds: float) -> str:
    """A time as people say it.

    >>> duration(0.42), duration(75.2), duration(3725)
    ('0.4 s', '1 min 15 s', '1 h 2 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def quoted_name(name: str) -> str:
    """A dataset's name in full as SQL takes it, backticks around its unusual parts."""
    return ".".join(
        part if _PLAIN_PART.fullmatch(part) else quoted(part) for part in name.split(".", 2)
    )


def _padded(text: str, width: int, align: str) -> str:
    space = " " * (width - cells(text))
    return space + text if align == ">" else text + space
