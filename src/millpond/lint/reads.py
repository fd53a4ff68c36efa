"""Where sources are read: the readers of Python, and the table functions of SQL."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from millpond.lint.frame import Frame, Origin
from millpond.lint.python_source import PythonSource
from millpond.lint.sql_source import Query, SqlSource
from millpond.sql.references import Reference
from millpond.sql.tokens import Token


def reads_of(source: PythonSource) -> Iterator[Origin]:
    """Every read of a file, once."""
    seen: set[ast.AST] = set()
    stack: list[Frame] = list(source.frames)
    for frame in stack:
        stack.extend(other for step in frame.steps for other in step.others)
        origin = frame.origin
        if origin.complete and origin.parameter is None and origin.node not in seen:
            seen.add(origin.node)
            yield origin


def kafka_reads(source: PythonSource) -> Iterator[Origin]:
    """The reads of Kafka."""
    return (origin for origin in reads_of(source) if origin.format == "kafka")


def arguments_of(source: SqlSource) -> Iterator[tuple[Query, Reference, dict[str, Token]]]:
    """Each table function that is read, with the first token of each argument's value.

    Keys are in lower case; the first positional argument has the empty key.
    """
    for statement in source.statements:
        query = statement.query
        for reference in query.references if query is not None else ():
            if query is not None and reference.kind == "function":
                yield query, reference, _arguments(query, reference)


def _arguments(query: Query, reference: Reference) -> dict[str, Token]:
    tokens = [t for t in query.tokens if reference.start <= t.start < reference.end]
    found: dict[str, Token] = {}
    depth = 0
    for index, token in enumerate(tokens[:-1]):
        before = tokens[index - 1].upper if index else ""
        if depth == 1 and before == "(" and "" not in found and tokens[index + 1].upper != "=>":
            found[""] = token
        if token.upper == "=>" and index:
            found[tokens[index - 1].value.casefold()] = tokens[index + 1]
        depth += (token.upper == "(") - (token.upper == ")")
    return found
