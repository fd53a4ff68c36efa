"""Notebooks exported as source: cells between `# COMMAND ----------` lines (`--` in SQL).

What is not in the notebook's own language has `# MAGIC ` before each line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from millpond.load.cell import PYTHON, SQL, Cell, Line, make_cell

_HEADER = re.compile(r"\ufeff?(#|--) Databricks notebook source[ \t]*(?:\r\n|\r|\n|\Z)")
_SEPARATOR = re.compile(r"(#|--) COMMAND -{10,}[ \t]*")
_MAGIC = re.compile(r"(?:#|--) MAGIC(?: |$)")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_LANGUAGES = {"#": PYTHON, "--": SQL}


def is_exported(text: str) -> bool:
    """Whether a file is a notebook and not a plain one: its first line says so."""
    return _HEADER.match(text) is not None


def exported_cells(text: str, file: Path) -> Iterator[Cell]:
    """The cells of a notebook, in order, those of text included.

    Args:
        text: the whole file.
        file: what positions name.
    """
    header = _HEADER.match(text)
    language = _LANGUAGES[header.group(1)] if header else PYTHON
    lines = _LINE_BREAK.split(text)
    start = 1
    for number in range(1, len(lines) + 1):
        if number == len(lines) or _SEPARATOR.fullmatch(lines[number]):
            content = [_line(each) for each in lines[start:number]]
            yield make_cell(content, file, start + 1, language)
            start = number + 1


def _line(text: str) -> Line:
    magic = _MAGIC.match(text)
    return Line(text[magic.end() :], magic.end()) if magic else Line(text)
