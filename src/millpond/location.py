"""A place in the user's source: the file, line and column an error points at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


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
        lines = _lines(self.file)
        return lines[self.line - 1] if 0 < self.line <= len(lines) else None

    def shown(self, relative_to: Path | None = None) -> str:
        """`file:line:col`, with the file relative to a folder where it lies below it."""
        file = self.file
        if relative_to is not None and file.is_relative_to(relative_to):
            file = file.relative_to(relative_to)
        return f"{file}:{self.line}:{self.column}"


@lru_cache(maxsize=64)
def _lines(file: Path) -> tuple[str, ...]:
    try:
        return tuple(file.read_text(encoding="utf-8", errors="replace").splitlines())
    except OSError:
        return ()
