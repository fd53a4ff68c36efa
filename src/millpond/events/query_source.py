"""The text of a flow's query as it stood in the user's source when the update ran."""

from __future__ import annotations

import inspect
import tokenize
from typing import Any

from millpond.definitions import Flow, PythonQuery, SqlQuery
from millpond.location import Span
from millpond.redaction import redacted

_LONGEST = 300
"""Lines that are kept of one query."""


def query_source(flow: Flow) -> dict[str, Any]:
    """File, first line and text of a flow's query, for `details.flow_definition.millpond`.

    Of a Python function that is all of it, decorators included; of SQL, from the line of the
    statement's name to the end of its query. `text` is empty where the file cannot be read.
    """
    at = _start(flow)
    lines = at.lines()[at.line - 1 :]
    kept = _block(flow, at, lines)[:_LONGEST]
    return {
        "file": str(at.file),
        "line": at.line,
        "text": redacted("\n".join(line.rstrip("\r\n") for line in kept)),
    }


def _start(flow: Flow) -> Span:
    code = getattr(getattr(flow.query, "function", None), "__code__", None)
    # The code object's first line is the first decorator's, where there is one.
    if code is not None and code.co_filename == str(flow.at.file):
        return Span(flow.at.file, min(code.co_firstlineno, flow.at.line))
    return flow.at


def _block(flow: Flow, at: Span, lines: tuple[str, ...]) -> list[str]:
    if isinstance(flow.query, SqlQuery) and flow.query.at.file == at.file:
        last = flow.query.at.line + flow.query.text.rstrip().count("\n")
        return list(lines[: max(1, last - at.line + 1)])
    if isinstance(flow.query, PythonQuery):
        try:
            return inspect.getblock([f"{line}\n" for line in lines])
        except (tokenize.TokenError, SyntaxError, IndentationError):
            return list(lines[:1])
    return list(lines[:1])
