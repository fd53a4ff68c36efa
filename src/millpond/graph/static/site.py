"""Where in the user's file a node of `ast` is."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from millpond.location import Span


@dataclass(frozen=True, slots=True)
class _Part:
    """One file's part of a source; line `first` of the source is the file's first one."""

    first: int
    file: Path
    lines: tuple[str, ...]


class Source:
    """The text of one module, to turn positions of `ast` into positions of the user's files.

    It can have several parts: a notebook runs others in its own namespace. Each part's lines are
    counted on from those of the part before; `add` says by how much.
    """

    def __init__(self, file: Path, lines: tuple[str, ...] = ()) -> None:
        self.file = file
        self._parts = [_Part(1, file, lines)] if lines else []

    def add(self, file: Path, lines: tuple[str, ...]) -> int:
        """Add a part; by how much the line numbers of its syntax tree have to grow."""
        last = self._parts[-1] if self._parts else _Part(1, file, ())
        part = _Part(last.first + len(last.lines), file, lines)
        self._parts.append(part)
        return part.first - 1

    def place(self, line: int) -> tuple[Path, int, str]:
        """The file, the line in it, and the text of a line of the source."""
        part = next((each for each in reversed(self._parts) if each.first <= line), None)
        if part is None:
            return self.file, line, ""
        index = line - part.first
        text = part.lines[index] if index < len(part.lines) else ""
        return part.file, index + 1, text


@dataclass(frozen=True, slots=True)
class CallSite:
    """The place of a call, a read or a definition."""

    node: ast.expr | ast.stmt
    source: Source

    @property
    def at(self) -> Span:
        """Its range; `ast` counts columns in bytes from 0, a Span in characters from 1."""
        file, line, text = self.source.place(self.node.lineno)
        _, last, last_text = self.source.place(self.node.end_lineno or self.node.lineno)
        return Span(
            file,
            line,
            _column(text, self.node.col_offset),
            last,
            _column(last_text, self.node.end_col_offset or 0),
        )


def _column(text: str, byte_offset: int) -> int:
    return len(text.encode()[:byte_offset].decode(errors="replace")) + 1
