"""The clauses between a dataset's columns and its query, in any order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from millpond import differences
from millpond.codes import (
    DUPLICATE_CLAUSES,
    SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED,
)
from millpond.errors import MillpondError
from millpond.notices import note
from millpond.sql.cursor import Cursor
from millpond.sql.tokens import Token, TokenKind


@dataclass(slots=True)
class Clauses:
    """What the clauses say.

    Attributes:
        comment, properties, partition_by, cluster_by: as in `Dataset`.
        seen: the first token of each clause, by its words.
    """

    comment: str | None = None
    properties: dict[str, str] = field(default_factory=dict)
    partition_by: tuple[str, ...] = ()
    cluster_by: tuple[str, ...] = ()
    seen: dict[str, Token] = field(default_factory=dict)


def read_clauses(cursor: Cursor) -> Clauses:
    """Read clauses until something else comes (reference 2.1, 2.2).

    Raises:
        MillpondError: PARSE_SYNTAX_ERROR, DUPLICATE_CLAUSES, NOT_SUPPORTED_YET (USING ICEBERG),
            SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED at the later of the two.
    """
    clauses = Clauses()
    while (phrase := _next_clause(cursor)) is not None:
        first = cursor.peek()
        cursor.expect(*phrase.split())
        _CLAUSES[phrase](cursor, clauses, first)
        _refuse_duplicates(cursor, clauses, phrase, first)
        clauses.seen[phrase] = first
    return clauses


def clause_words() -> tuple[str, ...]:
    """The words a clause can start with, for "did you mean"."""
    return tuple({phrase.split()[0]: None for phrase in _CLAUSES})


def _next_clause(cursor: Cursor) -> str | None:
    """The clause that starts here: one whose first word is the next token."""
    for phrase in _CLAUSES:
        if cursor.sees(*phrase.split()):
            return phrase
    word = cursor.peek().upper
    if word == "WITH":  # of a query whose AS was left out
        return None
    return next((phrase for phrase in _CLAUSES if phrase.split()[0] == word), None)


def _refuse_duplicates(cursor: Cursor, clauses: Clauses, phrase: str, first: Token) -> None:
    if phrase in clauses.seen:
        raise MillpondError(DUPLICATE_CLAUSES, at=cursor.span(first), clause=phrase)
    other = {"PARTITIONED BY": "CLUSTER BY", "CLUSTER BY": "PARTITIONED BY"}.get(phrase)
    if other in clauses.seen:
        code = SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED
        raise MillpondError(code, at=cursor.span(first))


def _comment(cursor: Cursor, clauses: Clauses, first: Token) -> None:
    clauses.comment = cursor.string("the comment in quotes")


def _partitioned_by(cursor: Cursor, clauses: Clauses, first: Token) -> None:
    clauses.partition_by = cursor.names_in_brackets("column name")


def _cluster_by(cursor: Cursor, clauses: Clauses, first: Token) -> None:
    if cursor.accept("AUTO"):
        note(differences.CLUSTER_BY_AUTO, cursor.span(first))
    elif not cursor.accept("NONE"):
        if not cursor.sees("("):
            cursor.fail("columns in ( ), AUTO or NONE", ("AUTO", "NONE"))
        clauses.cluster_by = cursor.names_in_brackets("column name")


def _using(cursor: Cursor, clauses: Clauses, first: Token) -> None:
    if cursor.accept("ICEBERG"):
        cursor.refuse("USING ICEBERG", first)
    cursor.expect("DELTA")


def _properties(cursor: Cursor, clauses: Clauses, first: Token) -> None:
    cursor.expect("(")
    while True:
        key = _property_key(cursor)
        if not cursor.accept("="):
            cursor.accept("==")
        clauses.properties[key] = _property_value(cursor)
        if not cursor.accept(","):
            break
    if not cursor.accept(")"):
        cursor.fail(", or )")


def _property_key(cursor: Cursor) -> str:
    if cursor.peek().kind is TokenKind.STRING:
        return cursor.take().value
    parts = [cursor.identifier("a property").value]
    while cursor.accept("."):
        parts.append(cursor.identifier("the rest of the property").value)
    return ".".join(parts)


def _property_value(cursor: Cursor) -> str:
    sign = "-" if cursor.accept("-") else ""
    token = cursor.peek()
    if token.kind is TokenKind.NUMBER:
        return sign + cursor.take().text
    if not sign and token.upper in ("TRUE", "FALSE"):
        return cursor.take().text.lower()
    if sign or token.kind is not TokenKind.STRING:
        cursor.fail("a property's value: a string, a number, true or false", ("TRUE", "FALSE"))
    return cursor.string("a property's value")


def _location(cursor: Cursor, clauses: Clauses, first: Token) -> None:
    cursor.string("the path in quotes")
    note(differences.LOCATION, cursor.span(first))


def _row_filter(cursor: Cursor, clauses: Clauses, first: Token) -> None:
    cursor.name("filter function")
    cursor.expect("ON")
    cursor.group("the columns in ( )")
    note(differences.ROW_FILTER, cursor.span(first))


def _refresh_policy(cursor: Cursor, clauses: Clauses, first: Token) -> None:
    if cursor.choose(("AUTO", "INCREMENTAL", "FULL")) == "INCREMENTAL":
        cursor.accept("STRICT")
    note(differences.REFRESH_POLICY, cursor.span(first))


def _collation(cursor: Cursor, clauses: Clauses, first: Token) -> None:
    cursor.identifier("a collation")
    note(differences.DEFAULT_COLLATION, cursor.span(first))


def _schedule(cursor: Cursor, clauses: Clauses, first: Token) -> None:
    cursor.accept("REFRESH")
    if cursor.choose(("EVERY", "CRON")) == "EVERY":
        cursor.take()
        cursor.choose(("HOUR", "HOURS", "DAY", "DAYS", "WEEK", "WEEKS"))
    else:
        cursor.string("a cron expression in quotes")
        if cursor.accept("AT"):
            cursor.expect("TIME", "ZONE")
            cursor.string("a time zone in quotes")
    note(differences.SCHEDULE, cursor.span(first))


def _trigger(cursor: Cursor, clauses: Clauses, first: Token) -> None:
    if cursor.accept("AT"):
        cursor.expect("MOST", "EVERY", "INTERVAL")
        cursor.take()
        cursor.identifier("a unit of time")
    note(differences.TRIGGER, cursor.span(first))


_CLAUSES: dict[str, Callable[[Cursor, Clauses, Token], None]] = {
    "COMMENT": _comment,
    "PARTITIONED BY": _partitioned_by,
    "CLUSTER BY": _cluster_by,
    "USING": _using,
    "TBLPROPERTIES": _properties,
    "LOCATION": _location,
    "WITH ROW FILTER": _row_filter,
    "ROW FILTER": _row_filter,
    "REFRESH POLICY": _refresh_policy,
    "DEFAULT COLLATION": _collation,
    "SCHEDULE": _schedule,
    "TRIGGER ON UPDATE": _trigger,
}
