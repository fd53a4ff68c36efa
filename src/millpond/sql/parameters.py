"""`:name` in SQL source: a named parameter of the pipeline, as a string (reference 2.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from millpond.codes import SQL_PARAMETER_MISSING
from millpond.errors import MillpondError
from millpond.sql.mapped import Edit, edited, span
from millpond.sql.query_tokens import QueryTokens
from millpond.sql.statements import Statement
from millpond.sql.tokens import Token, TokenKind, tokenize, words

_BEFORE_VALUE = frozenset(
    words(
        "SELECT WHERE AND OR NOT ON WHEN THEN ELSE CASE IN BETWEEN LIKE ILIKE RLIKE REGEXP BY "
        "HAVING LIMIT OFFSET QUALIFY DISTINCT ALL ANY SOME INTERVAL DIV DEFAULT OF IS AS FROM "
        "COMMENT JOIN INTO VALUES ESCAPE LOCATION"
    )
)
"""Words of which a value may follow; any other word before a colon is a column: `col:path`."""


def parameterized(
    statement: Statement, parameters: Mapping[str, str], configuration: Mapping[str, str]
) -> Statement:
    """The statement with every `:name` replaced by its value, a string literal.

    A parameter that the pipeline does not have is looked up in its configuration, which is what
    a run without a bundle can set.

    Raises:
        MillpondError: SQL_PARAMETER_MISSING at a parameter without a value.
    """
    edits = []
    known = {**configuration, **parameters}
    tokens = statement.tokens
    for index, token in enumerate(tokens):
        if token.upper == ":" and _is_parameter(tokens, index):
            name = tokens[index + 1]
            value = known.get(name.value)
            if value is None:
                raise _missing(statement, token, name, known)
            edits.append(Edit(token.start, name.end, _literal(value)))
    if not edits:
        return statement
    text = edited(statement.text, edits)
    return Statement(text, statement.at, tokenize(text, statement.at))


def with_named_tables(query: str, values: Mapping[str, object]) -> str:
    """A query of Python source whose `IDENTIFIER(:name)` have their names, so that they are found.

    Other parameters are left to Spark, which has them as values.
    """
    if "identifier" not in query.casefold():
        return query
    tokens = QueryTokens(query)
    edits = []
    for index in range(len(tokens) - 4):
        if [tokens.word(index + step) for step in (0, 1, 2, 4)] != ["IDENTIFIER", "(", ":", ")"]:
            continue
        value = values.get(tokens[index + 3].value)
        if isinstance(value, str):
            edits.append(Edit(tokens[index + 2].start, tokens[index + 3].end, _literal(value)))
    return str(edited(query, edits))


def _is_parameter(tokens: Sequence[Token], index: int) -> bool:
    if index == 0 or index + 1 == len(tokens):
        return False
    before, name = tokens[index - 1], tokens[index + 1]
    if not name.is_name or name.start != tokens[index].end:
        return False
    if before.kind is TokenKind.WORD:
        return before.upper in _BEFORE_VALUE and before.end < tokens[index].start
    return before.kind is TokenKind.SYMBOL and before.text not in (")", "]", ".")


def _missing(
    statement: Statement, first: Token, name: Token, known: Mapping[str, str]
) -> MillpondError:
    close = get_close_matches(name.value, known, 1, 0.7)
    return MillpondError(
        SQL_PARAMETER_MISSING,
        at=span(statement.at, statement.text, first.start, name.end),
        hint=f"Did you mean :{close[0]}?" if close else None,
        key=name.value,
    )


def _literal(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
