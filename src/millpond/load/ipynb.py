"""Notebooks in JSON (`.ipynb`): positions name the cell, counted from 1, and the line in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millpond import codes
from millpond.errors import MillpondError
from millpond.load.cell import PYTHON, SQL, Cell, Line, make_cell
from millpond.location import Span, notebook_cell


def ipynb_cells(file: Path) -> Iterator[Cell]:
    """The code cells of a notebook, in order.

    Raises:
        MillpondError: NOTEBOOK_NOT_VALID.
    """
    notebook = _notebook(file)
    language = notebook_language(notebook)
    for number, cell in enumerate(notebook["cells"], 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source", "")
        text = source if isinstance(source, str) else "".join(map(str, source))
        view = notebook_cell(file, number, text)
        lines = [Line(each) for each in text.split("\n")]
        yield make_cell(lines, view, 1, language)


def notebook_language(notebook: Any) -> str:
    """The language of the cells that name none, from the notebook's metadata."""
    metadata = notebook.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    databricks = metadata.get("application/vnd.databricks.v1+notebook")
    info = metadata.get("language_info")
    for place, key in ((databricks, "language"), (info, "name")):
        if isinstance(place, dict) and place.get(key):
            return SQL if str(place[key]).casefold() == SQL else PYTHON
    return PYTHON


def _notebook(file: Path) -> dict[str, Any]:
    try:
        notebook = json.loads(file.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        at = Span(file, error.lineno, error.colno)
        raise MillpondError(codes.NOTEBOOK_NOT_VALID, at=at, reason=error.msg) from error
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise MillpondError(codes.NOTEBOOK_NOT_VALID, at=Span(file, 1), reason=reason) from error
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        reason = "it has no list of cells"
        raise MillpondError(codes.NOTEBOOK_NOT_VALID, at=Span(file, 1), reason=reason)
    return notebook
