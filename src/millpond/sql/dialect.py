"""Databricks' words in a query that open-source Spark lacks, written in Spark's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from millpond.codes import DATABRICKS_ONLY_FUNCTION, PIVOT_NOT_SUPPORTED
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.mapped import Edit, edited
from millpond.sql.operands import operand_start, type_end
from millpond.sql.query_tokens import QueryTokens
from millpond.sql.tokens import TokenKind

_RENAMED = {"GETDATE": "now", "IFF": "if", "CHARINDEX": "locate"}
"""Functions of the same arguments and result under another name."""

Place = Callable[[int, int], Span]
"""Where a range of the query is in the user's source."""


def translate(query: str, place: Place) -> str:
    """The query with `a?::INT` as `try_cast(a AS INT)` and functions as Spark knows them.

    Raises:
        MillpondError: PIVOT_NOT_SUPPORTED, and DATABRICKS_ONLY_FUNCTION for `from_json` with an
            evolving schema, each at its word.
    """
    tokens = QueryTokens(query)
    edits: list[Edit] = []
    # From right to left, so that of two casts of one operand the outer one is opened first.
    for index in reversed(range(len(tokens))):
        token = tokens[index]
        called = tokens.word(index + 1) == "(" and tokens.word(index - 1) not in (".", ":", "AS")
        if token.upper == "?::":
            edits += _try_cast(tokens, index)
        elif called and token.upper in _RENAMED:
            edits.append(Edit(token.start, token.end, _RENAMED[token.upper]))
        elif called and token.upper == "INPUT_FILE_NAME":
            edits += _without_empty_authority(tokens, index)
        elif called and token.upper == "PIVOT":
            raise MillpondError(PIVOT_NOT_SUPPORTED, at=place(token.start, token.end))
        elif called and token.upper == "FROM_JSON":
            _refuse_evolution(tokens, index, place)
    return edited(query, edits) if edits else query


def _try_cast(tokens: QueryTokens, index: int) -> Iterator[Edit]:
    start, end = operand_start(tokens, index), type_end(tokens, index + 1)
    if start == index or end == index + 1:
        return
    yield Edit(tokens[start].start, tokens[start].start, "try_cast(")
    yield Edit(tokens[index].start, tokens[index].end, " AS ")
    yield Edit(tokens[end - 1].end, tokens[end - 1].end, ")")


def _without_empty_authority(tokens: QueryTokens, index: int) -> Iterator[Edit]:
    """Spark writes `dbfs:///x` there, Databricks `dbfs:/x`."""
    yield Edit(tokens[index].start, tokens[index].start, "regexp_replace(")
    end = tokens[tokens.closing(index + 1)].end
    yield Edit(end, end, ", '^dbfs:///', 'dbfs:/')")


def _refuse_evolution(tokens: QueryTokens, index: int, place: Place) -> None:
    inside = tokens.between(index + 2, tokens.closing(index + 1))
    for token in inside:
        if token.kind is TokenKind.STRING and token.value.casefold() == "schemalocationkey":
            raise MillpondError(
                DATABRICKS_ONLY_FUNCTION,
                at=place(token.start, token.end),
                function="from_json with schemaLocationKey",
                what="it infers the schema and lets it evolve",
                instead="Give from_json the schema: from_json(value, 'id BIGINT, name STRING').",
            )
