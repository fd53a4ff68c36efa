"""Databricks' words in a query that open-source Spark lacks, written in Spark's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from millpond.codes import (
    DATABRICKS_ONLY_FUNCTION,
    INVALID_ARGUMENT,
    PARSE_SYNTAX_ERROR,
    PIVOT_NOT_SUPPORTED,
)
from millpond.definitions import quoted
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.mapped import Edit, edited
from millpond.sql.operands import operand_start, type_end
from millpond.sql.query_tokens import QueryTokens
from millpond.sql.table_changes import changes_of
from millpond.sql.tokens import TokenKind

_RENAMED = {"GETDATE": "now", "IFF": "if", "CHARINDEX": "locate"}
"""Functions of the same arguments and result under another name."""

_OF_SPARK = ("SYSTEM", "BUILTIN", "SESSION")
"""Where Spark looks for functions that a query qualifies."""

Place = Callable[[int, int], Span]
"""Where a range of the query is in the user's source."""


def translate(query: str, place: Place) -> str:
    """The query with `a?::INT` as `try_cast(a AS INT)` and functions as Spark knows them.

    A function of Unity Catalog (`main.gov.mask(x)`) is one of the session's under its full name.

    Raises:
        MillpondError: PIVOT_NOT_SUPPORTED, DATABRICKS_ONLY_FUNCTION for `from_json` with an
            evolving schema, INVALID_ARGUMENT of `table_changes`, and PARSE_SYNTAX_ERROR for a
            comma before FROM, each at its word.
    """
    tokens = QueryTokens(query)
    edits: list[Edit] = []
    # From right to left, so that of two casts of one operand the outer one is opened first.
    for index in reversed(range(len(tokens))):
        token = tokens[index]
        called = tokens.word(index + 1) == "(" and tokens.word(index - 1) not in (".", ":", "AS")
        if token.upper == "?::":
            edits += _try_cast(tokens, index)
        elif tokens.word(index) == "(" and tokens.word(index - 2) == ".":
            edits += _of_catalog(tokens, index - 1)
        elif called and token.upper == "TABLE_CHANGES":
            _check_changes(tokens, index, place)
        elif called and token.upper in _RENAMED:
            edits.append(Edit(token.start, token.end, _RENAMED[token.upper]))
        elif called and token.upper == "INPUT_FILE_NAME":
            edits += _without_empty_authority(tokens, index)
        elif token.upper == "FROM" and tokens.word(index - 1) == ",":
            _refuse_last_comma(tokens, index, place)
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


def _of_catalog(tokens: QueryTokens, index: int) -> Iterator[Edit]:
    """`main.gov.mask(` as a function of one name, which a user can register."""
    start, parts = index, [tokens[index].value]
    while tokens.word(start - 1) == "." and tokens.is_name(start - 2):
        start -= 2
        parts.insert(0, tokens[start].value)
    called = tokens.is_name(index) and tokens.word(start - 1) not in (".", ":", "INTO", "TABLE")
    if called and len(parts) > 1 and parts[0].upper() not in _OF_SPARK:
        yield Edit(tokens[start].start, tokens[index].end, quoted(".".join(parts)))


def _check_changes(tokens: QueryTokens, index: int, place: Place) -> None:
    """Refuse `table_changes` of what is not known before the query runs."""
    close = tokens.closing(index + 1)
    if changes_of(tokens, index + 2, close) is None:
        raise MillpondError(
            INVALID_ARGUMENT,
            at=place(tokens[index].start, tokens[close].end),
            function="table_changes",
            argument="each argument",
            expected="a constant: the table's name, then versions or timestamps",
            value=tokens.text[tokens[index].start : tokens[close].end],
        )


def _without_empty_authority(tokens: QueryTokens, index: int) -> Iterator[Edit]:
    """Spark writes `dbfs:///x` there, Databricks `dbfs:/x`."""
    yield Edit(tokens[index].start, tokens[index].start, "regexp_replace(")
    end = tokens[tokens.closing(index + 1)].end
    yield Edit(end, end, ", '^dbfs:///', 'dbfs:/')")


def _refuse_last_comma(tokens: QueryTokens, index: int, place: Place) -> None:
    """`SELECT a, FROM t`, in which Spark sees a column FROM and misses all the others."""
    following = tokens.word(index + 1)
    if following not in ("AS", "FROM") and (tokens.is_name(index + 1) or following == "("):
        raise MillpondError(
            PARSE_SYNTAX_ERROR,
            at=place(tokens[index].start, tokens[index].end),
            hint="Remove the comma before FROM.",
            found=repr(tokens[index].text),
            expected="a column behind the comma",
        )


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
