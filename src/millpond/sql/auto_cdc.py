"""The clauses of AUTO CDC and APPLY CHANGES, from FROM to the end (reference 2.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from millpond.codes import (
    CDC_CLAUSES_CONFLICT,
    CDC_SNAPSHOT_IN_SQL,
    COLUMN_ALREADY_EXISTS,
    DUPLICATE_CLAUSES,
)
from millpond.definitions import AutoCdc, CdcColumns, CdcExpression, StoredAs
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.create import QUERY_STARTS
from millpond.sql.cursor import Cursor, listed
from millpond.sql.mapped import Edit, edited, part, span
from millpond.sql.tokens import Token, TokenKind

_NEXT: dict[str, tuple[str, ...]] = {
    "KEYS": ("(",),
    "WHERE": (),
    "IGNORE": ("NULL",),
    "APPLY": ("AS",),
    "SEQUENCE": ("BY",),
    "SYSTEM": ("SEQUENCE",),
    "COLUMNS": ("(", "*", "TO"),
    "STORED": ("AS",),
    "TRACK": ("HISTORY",),
}
"""The first word of each clause, and what has to follow it: the word alone may be a column."""


@dataclass(frozen=True, slots=True)
class CdcClauses:
    """What was read: how changes are applied, and where they come from.

    Attributes:
        source: the change feed as a query.
    """

    cdc: AutoCdc
    source: str
    source_at: Span


def read_auto_cdc(cursor: Cursor, at: Span) -> CdcClauses:
    """Read `FROM source KEYS (...) ... ` to the end of the statement.

    Clauses stand in the order of the reference, each once.

    Args:
        at: the words AUTO CDC or APPLY CHANGES.

    Raises:
        MillpondError: PARSE_SYNTAX_ERROR, DUPLICATE_CLAUSES, COLUMN_ALREADY_EXISTS,
            CDC_CLAUSES_CONFLICT, CDC_SNAPSHOT_IN_SQL.
    """
    source, source_at = _source(cursor)
    values: dict[str, Any] = {}
    seen: dict[str, Token] = {}
    for phrase, field, read in _CLAUSES:
        first = cursor.peek()
        if _is_next(cursor, phrase) and cursor.accept(*phrase.split()):
            seen[phrase] = first
            values[field] = read(cursor, first)
            _at_clause_end(cursor, phrase, seen)
        elif phrase in _REQUIRED:
            _misplaced(cursor, seen)
            cursor.fail("KEYS (columns)" if phrase == "KEYS" else phrase, tuple(_NEXT))
    _misplaced(cursor, seen)
    if not cursor.done:
        _unknown(cursor, seen)
    _refuse_conflicts(cursor, seen, values.get("stored_as", StoredAs.SCD_TYPE_1))
    return CdcClauses(AutoCdc(at=at, **values), source, source_at)


def _source(cursor: Cursor) -> tuple[str, Span]:
    cursor.expect("FROM")
    first = cursor.peek()
    if cursor.sees("SNAPSHOT") and cursor.peek(1).is_name and cursor.peek(1).upper != "KEYS":
        raise MillpondError(CDC_SNAPSHOT_IN_SQL, at=cursor.span(first, first))
    if first.upper in QUERY_STARTS:
        cursor.fail("a table, STREAM of one, or a query in ( )")
    while not cursor.done and not cursor.sees("KEYS", "("):
        if cursor.sees("("):
            cursor.group("(")
        elif cursor.peek().upper in (*_NEXT, ")") and _starts_clause(cursor):
            break
        else:
            cursor.take()
    if cursor.peek() is first:
        cursor.fail("the source of the changes: STREAM table")
    start, end = first.start, cursor.peek(-1).end
    text = part(cursor.text, start, end)
    query = edited(text, (Edit(0, 0, "SELECT * FROM "),))
    return query, span(cursor.at, cursor.text, start, end)


def _starts_clause(cursor: Cursor) -> bool:
    following = _NEXT.get(cursor.peek().upper)
    if following is None or cursor.peek(-1).upper in (".", ":"):
        return cursor.peek().upper == ")"
    return not following or cursor.peek(1).upper in following


def _keys(cursor: Cursor, first: Token) -> tuple[str, ...]:
    return _names(cursor, nested=False)


def _expression(cursor: Cursor, first: Token) -> CdcExpression:
    start = cursor.peek()
    while not cursor.done and not _starts_clause(cursor):
        if cursor.sees("("):
            cursor.group("(")
        else:
            cursor.take()
    if cursor.peek() is start:
        cursor.fail("an expression")
    end = cursor.peek(-1)
    return CdcExpression(part(cursor.text, start.start, end.end), cursor.span(start, end))


def _ignored_nulls(cursor: Cursor, first: Token) -> CdcColumns:
    if not cursor.accept("ON"):
        return CdcColumns((), True, cursor.span(first))
    return _columns(cursor, first, nested=True)


def _listed_columns(cursor: Cursor, first: Token) -> CdcColumns:
    return _columns(cursor, first, nested=False)


def _columns(cursor: Cursor, first: Token, *, nested: bool) -> CdcColumns:
    if cursor.accept("*"):
        cursor.expect("EXCEPT")
        return CdcColumns(_names(cursor, nested=nested), True, cursor.span(first))
    if not cursor.sees("("):
        cursor.fail("columns in ( ) or * EXCEPT (columns)", ("EXCEPT",))
    return CdcColumns(_names(cursor, nested=nested), False, cursor.span(first))


def _names(cursor: Cursor, *, nested: bool) -> tuple[str, ...]:
    """`(a, b)`; names are unqualified, but a field of a struct may be named where `nested`."""
    cursor.expect("(")
    names: list[str] = []
    while True:
        first = cursor.peek()
        name = cursor.identifier("a column name").value
        while nested and cursor.accept("."):
            name += "." + cursor.identifier("the rest of the column name").value
        if cursor.sees("."):
            cursor.fail(", or ); columns are named without their table here")
        if any(name.casefold() == known.casefold() for known in names):
            raise MillpondError(COLUMN_ALREADY_EXISTS, at=cursor.span(first), column=name)
        names.append(name)
        if not cursor.accept(","):
            break
    if not cursor.accept(")"):
        cursor.fail(", or )", (")",))
    return tuple(names)


def _stored_as(cursor: Cursor, first: Token) -> StoredAs:
    if cursor.choose(("SCD", "BITEMPORAL")) == "BITEMPORAL":
        return StoredAs.BITEMPORAL
    cursor.expect("TYPE")
    number = cursor.peek()
    if number.kind is not TokenKind.NUMBER or number.text not in ("1", "2"):
        cursor.fail("1 or 2")
    return StoredAs(cursor.take().text)


def _column(cursor: Cursor, first: Token) -> CdcExpression:
    token = cursor.identifier("a column name")
    return CdcExpression(token.text, cursor.span(token, token))


_CLAUSES: tuple[tuple[str, str, Callable[[Cursor, Token], Any]], ...] = (
    ("KEYS", "keys", _keys),
    ("WHERE", "where", _expression),
    ("IGNORE NULL UPDATES", "ignore_null_updates", _ignored_nulls),
    ("APPLY AS DELETE WHEN", "apply_as_deletes", _expression),
    ("APPLY AS TRUNCATE WHEN", "apply_as_truncates", _expression),
    ("SEQUENCE BY", "sequence_by", _expression),
    ("SYSTEM SEQUENCE BY", "system_sequence_by", _expression),
    ("COLUMNS", "columns", _listed_columns),
    ("STORED AS", "stored_as", _stored_as),
    ("TRACK HISTORY ON", "track_history", _listed_columns),
    ("COLUMNS TO UPDATE", "columns_to_update", _column),
)
_REQUIRED = ("KEYS", "SEQUENCE BY")
_EXCLUSIVE = (("COLUMNS TO UPDATE", "IGNORE NULL UPDATES"),)
_NEEDS = {
    "APPLY AS TRUNCATE WHEN": (StoredAs.SCD_TYPE_1,),
    "TRACK HISTORY ON": (StoredAs.SCD_TYPE_2,),
    "SYSTEM SEQUENCE BY": (StoredAs.BITEMPORAL,),
    "COLUMNS TO UPDATE": (StoredAs.SCD_TYPE_1, StoredAs.SCD_TYPE_2),
}
_SHOWN = {
    StoredAs.SCD_TYPE_1: "SCD TYPE 1",
    StoredAs.SCD_TYPE_2: "SCD TYPE 2",
    StoredAs.BITEMPORAL: "BITEMPORAL",
}


def _is_next(cursor: Cursor, phrase: str) -> bool:
    return cursor.sees(*phrase.split()) and not (
        phrase == "COLUMNS" and cursor.peek(1).upper == "TO"
    )


def _at_clause_end(cursor: Cursor, phrase: str, seen: dict[str, Token]) -> None:
    if not cursor.done and not _starts_clause(cursor):
        _unknown(cursor, seen)


def _unknown(cursor: Cursor, seen: dict[str, Token]) -> None:
    last = list(seen)[-1]
    order = [phrase for phrase, _, _ in _CLAUSES]
    later = order[order.index(last) + 1 :]
    required = [phrase for phrase in _REQUIRED if phrase in later]
    if required:
        later = later[: later.index(required[0]) + 1]
    words = [phrase.split()[0] for phrase in later]
    cursor.fail(listed((*later, "the end of the statement")), words)


def _misplaced(cursor: Cursor, seen: dict[str, Token]) -> None:
    """Raise for a clause that was given before, or has to stand before one already read."""
    phrase = next((p for p, _, _ in _CLAUSES if _is_next(cursor, p)), None)
    if phrase is None or not seen:
        return
    first = cursor.peek()
    if phrase in seen:
        for _ in phrase.split():
            cursor.take()
        raise MillpondError(DUPLICATE_CLAUSES, at=cursor.span(first), clause=phrase)
    order = [known for known, _, _ in _CLAUSES]
    later = next((p for p in seen if order.index(p) > order.index(phrase)), None)
    if later is not None:
        cursor.fail(f"{phrase} before {later}; the clauses have a fixed order")


def _refuse_conflicts(cursor: Cursor, seen: dict[str, Token], stored: StoredAs) -> None:
    def refuse(phrase: str, other: str) -> None:
        first = seen[phrase]
        last = cursor.token_at(first, len(phrase.split()) - 1)
        at = cursor.span(first, last)
        raise MillpondError(CDC_CLAUSES_CONFLICT, at=at, clause=phrase, other=other)

    for phrase, allowed in _NEEDS.items():
        if phrase in seen and stored not in allowed:
            refuse(phrase, f"STORED AS {_SHOWN[stored]}")
    for phrase, other in _EXCLUSIVE:
        if phrase in seen and other in seen:
            refuse(phrase, other)
