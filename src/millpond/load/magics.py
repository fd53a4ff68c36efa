"""Magics that concern their own line in a cell of Python: `%pip`, `%run`, `!command`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from millpond.load.cell import Cell, Line
from millpond.location import Span

_MAGIC = re.compile(r"(?:%{1,2}|!)\s*([\w.-]+)\s*(.*)", re.DOTALL)
_PIP = re.compile(r"(?:(?:python3?|\S*python)\s+-m\s+)?(?:uv\s+)?pip3?\s+(.*)", re.DOTALL)
_HARMLESS = frozenset(
    {"autoreload", "config", "load_ext", "matplotlib", "reload_ext", "restart_python", "who"}
)


@dataclass(frozen=True, slots=True)
class Magic:
    """One magic.

    Attributes:
        word: what stands behind `%` or `!`.
        rest: what follows it.
        at: the whole of it.
    """

    word: str
    rest: str
    at: Span

    @property
    def installs(self) -> str | None:
        """The arguments of `pip`, however it is called; None for any other magic."""
        found = _PIP.fullmatch(f"{self.word} {self.rest}")
        return found.group(1) if found else None

    @property
    def harmless(self) -> bool:
        """Whether it sets up an interactive notebook and has no effect on definitions."""
        return self.word in _HARMLESS


@dataclass(frozen=True, slots=True)
class PythonPart:
    """The Python between magics."""

    lines: tuple[Line, ...]
    first_line: int


def parts(cell: Cell) -> Iterator[Magic | PythonPart]:
    """The Python of a cell and its magics, in order.

    A `%` at the start of a line is an operator where the cell is Python as it stands.
    """
    lines = cell.lines
    if not any(line.text.startswith(("%", "!")) for line in lines) or _is_python(lines):
        yield PythonPart(lines, cell.first_line)
        return
    start = index = 0
    while index < len(lines):
        if not lines[index].text.startswith(("%", "!")):
            index += 1
            continue
        if start < index:
            yield PythonPart(lines[start:index], cell.first_line + start)
        end = index
        while lines[end].text.rstrip().endswith("\\") and end + 1 < len(lines):
            end += 1
        yield _magic(cell, index, end)
        start = index = end + 1
    if start < len(lines):
        yield PythonPart(lines[start:], cell.first_line + start)


def _magic(cell: Cell, first: int, last: int) -> Magic:
    lines = cell.lines[first : last + 1]
    text = " ".join(line.text.rstrip().removesuffix("\\").strip() for line in lines)
    at = Span(
        cell.file,
        cell.first_line + first,
        lines[0].shift + 1,
        cell.first_line + last,
        lines[-1].shift + len(lines[-1].text.rstrip()) + 1,
    )
    found = _MAGIC.fullmatch(text)
    return Magic(found.group(1), found.group(2).strip(), at) if found else Magic(text, "", at)


def _is_python(lines: Sequence[Line]) -> bool:
    try:
        ast.parse("\n".join(line.text for line in lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
