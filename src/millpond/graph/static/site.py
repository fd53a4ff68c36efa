"""Where in the user's file a node of `ast` is."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from millpond.location import Span


@dataclass(frozen=True, slots=True)
class Source:
    """A file and its lines, to turn positions of `ast` into positions of the user's file."""

    file: Path
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallSite:
    """The place of a call, a read or a definition."""

    node: ast.expr | ast.stmt
    source: Source

    @property
    def at(self) -> Span:
        """Its range; `ast` counts columns in bytes from 0, a Span in characters from 1."""
        last = self.node.end_lineno or self.node.lineno
        return Span(
            self.source.file,
            self.node.lineno,
            self._column(self.node.lineno, self.node.col_offset),
            last,
            self._column(last, self.node.end_col_offset or 0),
        )

    def _column(self, line: int, byte_offset: int) -> int:
        lines = self.source.lines
        text = lines[line - 1] if line <= len(lines) else ""
        return len(text.encode()[:byte_offset].decode(errors="replace")) + 1
