"""A place in the user's source: the file, line and column an error points at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range of the user's source.

    Lines and columns count from 1, as editors show them. `end_line` and `end_column` are
    the position just after the last character, or None where only the start is known.
    """

    file: Path
    line: int
    column: int = 1
    end_line: int | None = None
    end_column: int | None = None

    def source_line(self) -> str | None:
        """The text of the first line of the range, or None if the file cannot be read."""
        try:
            text = self.file.read_text(encoding="utf-8-sig", errors="replace")
        except OSError:
            return None
        lines = _LINE_BREAK.split(text)
        return lines[self.line - 1] if 0 < self.line <= len(lines) else None

    def shown(self, relative_to: Path | None = None) -> str:
        """`file:line:col`, with the file relative to a folder where it lies below it."""
        file = self.file
        if relative_to is not None and file.is_relative_to(relative_to):
            file = file.relative_to(relative_to)
        return f"{file}:{self.line}:{self.column}"
