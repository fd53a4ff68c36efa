"""SQL notebooks exported as source: cells between `-- COMMAND ----------` lines.

A cell of another language has `-- MAGIC ` before each line and starts with its language
(`%md`). A cell ends a statement even without a semicolon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from millpond.codes import NOT_SUPPORTED_YET
from millpond.errors import MillpondError
from millpond.location import Span

_HEADER = re.compile(r"\A\ufeff?-- Databricks notebook source[ \t]*(?:\r\n|\r|\n|\Z)")
_SEPARATOR = re.compile(r"^-- COMMAND -{10,}[ \t]*$")
_MAGIC = re.compile(r"^-- MAGIC ?")
_LANGUAGE = re.compile(r"%([\w-]+)")
_TEXT_LANGUAGES = ("md", "md-sandbox")


class Cell(NamedTuple):
    """A cell's SQL and the line it starts at, counted from 1."""

    text: str
    line: int


def is_notebook(text: str) -> bool:
    """Whether this file is a notebook and not a plain SQL file."""
    return _HEADER.match(text) is not None


def cells(text: str, file: Path, first_line: int = 1) -> Iterator[Cell]:
    """The SQL cells of a notebook, text cells left out.

    Columns stay what they are in the file: what is not SQL is blanked, not removed.

    Raises:
        MillpondError: NOT_SUPPORTED_YET at a cell in another language.
    """
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    start = 0
    for index in range(len(lines) + 1):
        at_end = index == len(lines)
        if at_end or _SEPARATOR.match(lines[index].rstrip("\r\n")):
            cell = _sql(lines[start:index], file, first_line + start)
            if cell:
                yield Cell(cell, first_line + start)
            start = index + 1


def _sql(lines: list[str], file: Path, first_line: int) -> str:
    """The SQL of one cell; empty for a cell of text."""
    for number, line in enumerate(lines):
        magic = _MAGIC.match(line)
        language = _LANGUAGE.match(line, magic.end()) if magic else None
        if magic is None or language is None:
            continue
        if language.group(1) in _TEXT_LANGUAGES:
            return ""
        if language.group(1) == "sql":
            blanked = language.end()
            lines = [*lines[:number], " " * blanked + line[blanked:], *lines[number + 1 :]]
            break
        at = Span(file, first_line + number, language.start() + 1, None, None)
        raise MillpondError(NOT_SUPPORTED_YET, at=at, feature=f"a {language.group()} cell")
    return "".join(_MAGIC.sub(lambda found: " " * len(found.group()), line) for line in lines)
