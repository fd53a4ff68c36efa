"""A place in the user's source: the file, line and column an error points at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_LINE_BREAK = re.compile(r"\r\n|\r|\n")

_UNFILED: dict[Path, str] = {}


def unfiled(name: str, text: str) -> Path:
    """Let a text that is in no file, as one typed on the command line, be pointed at by a Span.

    Args:
        name: what to show instead of a file, in angle brackets; its earlier text is forgotten.
    """
    assert name.startswith("<"), "the name of a file would hide the file"
    _UNFILED[Path(name)] = text
    return Path(name)


def notebook_cell(notebook: Path, number: int, text: str) -> Path:
    """Let a cell of a notebook in JSON be pointed at by a Span, its lines counted from 1.

    Args:
        number: of the cell in the notebook, counted from 1, those of text included.

    Returns:
        What to give as the file: `<notebook>:cell <number>`.
    """
    view = Path(f"{notebook}:cell {number}")
    _UNFILED[view] = text
    return view


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
        lines = self.lines()
        return lines[self.line - 1] if 0 < self.line <= len(lines) else None

    def narrowed(self, word: str) -> Span:
        """The one place within the range where a word stands; all of it if there is not just one.

        Spark names a column that it cannot resolve, and knows only the statement it is in.
        """
        if self.end_line is None or self.end_column is None or not word:
            return self
        whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        found: list[Span] = []
        for number, line in enumerate(self.lines()[self.line - 1 : self.end_line], self.line):
            start = self.column - 1 if number == self.line else 0
            end = self.end_column - 1 if number == self.end_line else len(line)
            for match in whole.finditer(line, start, end):
                first, last = match.start() + 1, match.end() + 1
                found.append(Span(self.file, number, first, number, last))
        return found[0] if len(found) == 1 else self

    def start_of(self, text: str) -> Span | None:
        """Where a text begins in the file, if it stands there just once; None otherwise.

        A string's value stands in its literal as it is unless that has escapes or is put together.
        """
        whole = "\n".join(self.lines())
        start = whole.find(text)
        if not text or start < 0 or whole.find(text, start + 1) >= 0:
            return None
        before = whole[:start]
        return Span(self.file, before.count("\n") + 1, start - before.rfind("\n"))

    def lines(self) -> tuple[str, ...]:
        """All lines of the file, without line breaks; none if it cannot be read."""
        text = _UNFILED.get(self.file)
        if text is None:
            try:
                text = self.file.read_text(encoding="utf-8-sig", errors="replace")
            except OSError:
                return ()
        return tuple(_LINE_BREAK.split(text))

    def shown(self, relative_to: Path | None = None) -> str:
        """`file:line:col`, with the file relative to a folder where it lies below it."""
        file = self.file
        if relative_to is not None and file.is_relative_to(relative_to):
            file = file.relative_to(relative_to)
        return f"{file}:{self.line}:{self.column}"
