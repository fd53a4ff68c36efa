"""A cell of a notebook: text in one language, at its place in the user's file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from millpond.location import Span

PYTHON = "python"
SQL = "sql"

_MAGIC = re.compile(r"%{1,2}([\w-]+)")
_PYTHON_MAGICS = frozenset({"python", "py", "python3", "time", "timeit", "capture", "prun"})
_OTHER_LANGUAGES = frozenset(
    {"scala", "r", "md", "md-sandbox", "sh", "bash", "fs", "html", "javascript", "js"}
    | {"latex", "script", "writefile", "svg"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cell.

    Attributes:
        text: without its line break, and without `# MAGIC ` before it.
        shift: how many characters of the file's line stand before `text`.
    """

    text: str
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as its notebook holds it.

    Attributes:
        language: `python`, `sql`, or the word of its magic (`md`, `sh`, ...).
        lines: its content; the word that names its language is blank.
        file: what positions name: the notebook, or the view of a cell of a notebook in JSON.
        first_line: the place of `lines[0]` in `file`, counted from 1.
        magic: where its language is named, or None for a cell in the notebook's own.
    """

    language: str
    lines: tuple[Line, ...]
    file: Path
    first_line: int
    magic: Span | None = None

    @property
    def aligned(self) -> str:
        """Its text with every character in the column it has in the file."""
        return "\n".join(" " * line.shift + line.text for line in self.lines)


def make_cell(lines: Sequence[Line], file: Path, first_line: int, language: str) -> Cell:
    """A cell, in the language that the magic in its first line names, or else in `language`."""
    for number, line in enumerate(lines):
        if not line.text.strip() or _is_comment(line, language):
            continue
        found = _MAGIC.match(line.text)
        named = _language(found.group(1).casefold()) if found else None
        if found is None or named is None:
            break
        blank = " " * found.end() if named == SQL else ""
        rest = line.text[found.end() :]
        shift = line.shift if blank else line.shift + found.end() + len(rest) - len(rest.lstrip())
        changed = Line(blank + rest if blank else rest.lstrip(), shift)
        at = Span(
            file,
            first_line + number,
            line.shift + 1,
            first_line + number,
            line.shift + 1 + found.end(),
        )
        kept = (*lines[:number], changed, *lines[number + 1 :])
        return Cell(named, tuple(kept), file, first_line, at)
    if _has_line_magics(lines, language):
        language = PYTHON
    return Cell(language, tuple(lines), file, first_line)


def _is_comment(line: Line, language: str) -> bool:
    """A comment above the magic, such as the title Databricks writes there."""
    return not line.shift and line.text.startswith("#" if language == PYTHON else "--")


def _language(word: str) -> str | None:
    """The language a magic puts its cell in; None for one that concerns its line alone."""
    if word in _PYTHON_MAGICS:
        return PYTHON
    return word if word == SQL or word in _OTHER_LANGUAGES else None


def _has_line_magics(lines: Iterable[Line], language: str) -> bool:
    """A cell of a SQL notebook with `%run` or `%pip` in it holds nothing in SQL."""
    return language == SQL and any(line.text.startswith("%") for line in lines)
