"""Queries in Python: what dataset functions give `spark.sql`, as rules on SQL see it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from millpond.errors import MillpondError
from millpond.lint.python_source import PythonSource
from millpond.lint.sql_source import Query, SqlSource, SqlStatement
from millpond.location import Span
from millpond.sql.tokens import tokenize

_OPENING = re.compile(r"[rRuU]?(\"\"\"|'''|\"|')")
_QUERY = re.compile(r"\s*(?:--[^\n]*\s*)*(?:SELECT|WITH|FROM)\b", re.IGNORECASE)


def embedded_sql(source: PythonSource) -> SqlSource | None:
    """The queries of a file of Python; None if there are none."""
    statements = tuple(_statements(source))
    if not statements:
        return None
    return SqlSource(source.file, statements, source.in_pipeline, source.pipeline)


def _statements(source: PythonSource) -> Iterator[SqlStatement]:
    for call in source.all(ast.Call):
        called = isinstance(call.func, ast.Attribute) and call.func.attr == "sql"
        node = call.args[0] if called and call.args else None
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        at = _start(source, node, node.value)
        if at is None or not _QUERY.match(node.value) or source.dataset_of(call) is None:
            continue
        try:
            tokens = tokenize(node.value, at)
        except MillpondError:
            continue
        query = Query(node.value, at)
        yield SqlStatement(node.value, tokens, at, embedded=query)


def _start(source: PythonSource, node: ast.Constant, text: str) -> Span | None:
    """Where the text starts, if it stands in the file as it is: without escapes, in one piece."""
    written = source.written(node)
    opening = _OPENING.match(written)
    if opening is None or written[opening.end() : -len(opening[1])] != text:
        return None
    at = source.span(node)
    return Span(at.file, at.line, at.column + opening.end())
