"""A row of a table on lines of a width: `name=value`, as many as fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from millpond.report.text import cells, visible

_WIDEST = 60


def value_text(value: Any) -> str:
    """A value in one piece and not too long; NULL for none."""
    text = visible("NULL" if value is None else str(value)).replace("\n", " ")
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 3]}..."


def row_lines(values: Mapping[str, Any], indent: str, width: int) -> Iterator[str]:
    """The lines of a row; those after the first are indented further."""
    line = ""
    for name, value in values.items():
        word = f"{visible(name)}={value_text(value)}".replace("\n", " ")
        if line.strip() and cells(indent + line + word) + 2 > width:
            yield f"{indent}{line}"
            line = "  "
        line += f", {word}" if line.strip() else word
    if line.strip():
        yield f"{indent}{line}"
