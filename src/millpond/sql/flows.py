"""Flow clauses, in a statement of their own or within their table's (reference 2.1, 2.4)."""

from __future__ import annotations

from dataclasses import dataclass

from millpond.definitions import FlowKind, Name
from millpond.location import Span
from millpond.sql.create import expect_query
from millpond.sql.cursor import Cursor
from millpond.sql.mapped import part
from millpond.sql.tokens import Token


@dataclass(frozen=True, slots=True)
class FlowClause:
    """What a flow does, read up to its query or, of AUTO CDC, up to FROM.

    Attributes:
        cdc_at: the words AUTO CDC or APPLY CHANGES; None for other flows.
        replace_where, replace_using, sequence_by: as in `Flow`.
    """

    kind: FlowKind = FlowKind.APPEND
    once: bool = False
    cdc_at: Span | None = None
    replace_where: str | None = None
    replace_using: tuple[str, ...] = ()
    sequence_by: str | None = None


@dataclass(frozen=True, slots=True)
class FlowHeader:
    """`CREATE FLOW` or `APPLY CHANGES INTO`.

    Attributes:
        name_token: the first part of the flow's name, for positions.
    """

    name: Name
    name_token: Token
    target: Name
    comment: str | None
    clause: FlowClause


def read_flow(cursor: Cursor) -> FlowHeader:
    """Read `name [COMMENT c] AS INSERT ... INTO target BY NAME`, up to the query.

    Also `AS AUTO CDC [ONCE] INTO target`. Both word orders of ONCE are in the documentation's
    examples.

    Raises:
        MillpondError: PARSE_SYNTAX_ERROR.
    """
    name_token = cursor.peek()
    name = cursor.name("flow's name")
    comment = cursor.string("the comment in quotes") if cursor.accept("COMMENT") else None
    cursor.expect("AS")
    first = _accept_cdc(cursor)
    if first is not None:
        at = cursor.span(first)
        once = cursor.accept("ONCE") is not None
        cursor.expect("INTO")
        target = cursor.name("flow's target")
        return FlowHeader(
            name, name_token, target, comment, FlowClause(FlowKind.AUTO_CDC, once, at)
        )
    if not cursor.accept("INSERT"):
        cursor.fail("INSERT INTO or AUTO CDC", ("INSERT", "AUTO"))
    once = cursor.accept("ONCE") is not None
    cursor.expect("INTO")
    if cursor.sees("ONCE") and cursor.peek(1).upper not in ("BY", "."):  # a table may be called so
        once = cursor.accept("ONCE") is not None
    target = cursor.name("flow's target")
    return FlowHeader(name, name_token, target, comment, _by_name(cursor, once))


def read_apply_changes(cursor: Cursor) -> FlowHeader:
    """Read `APPLY CHANGES INTO target`, the legacy statement; the flow is named like its target."""
    first = cursor.expect("APPLY", "CHANGES")
    at = cursor.span(first)
    cursor.expect("INTO")
    name_token = cursor.peek()
    target = cursor.name("target's name")
    return FlowHeader(target, name_token, target, None, FlowClause(FlowKind.AUTO_CDC, False, at))


def read_inline_flow(cursor: Cursor) -> FlowClause:
    """Read what stands after FLOW within a table's statement, up to the query."""
    first = _accept_cdc(cursor)
    if first is not None:
        return FlowClause(FlowKind.AUTO_CDC, cdc_at=cursor.span(first))
    if cursor.accept("REPLACE", "WHERE"):
        predicate = _predicate(cursor)
        cursor.expect("BY", "NAME")
        expect_query(cursor)
        return FlowClause(FlowKind.REPLACE_WHERE, replace_where=predicate)
    if cursor.accept("REPLACE", "USING"):
        clause = _using(cursor)
        cursor.expect("BY", "NAME")
        expect_query(cursor)
        return clause
    if cursor.accept("REPLACE"):
        cursor.choose(("WHERE", "USING"))
    if not cursor.accept("INSERT"):
        cursor.fail("INSERT, AUTO CDC or REPLACE", ("INSERT", "AUTO", "REPLACE"))
    once = cursor.accept("ONCE") is not None
    cursor.expect("BY", "NAME")
    expect_query(cursor)
    return FlowClause(once=once)


def _by_name(cursor: Cursor, once: bool) -> FlowClause:
    cursor.expect("BY", "NAME")
    clause = FlowClause(once=once)
    if cursor.accept("REPLACE"):
        if cursor.choose(("WHERE", "USING")) == "WHERE":
            clause = FlowClause(FlowKind.REPLACE_WHERE, once, replace_where=_predicate(cursor))
        elif once:
            cursor.index -= 2
            cursor.fail("the query; ONCE and REPLACE USING exclude each other")
        else:
            clause = _using(cursor)
    expect_query(cursor)
    return clause


def _using(cursor: Cursor) -> FlowClause:
    columns = cursor.names_in_brackets("column name")
    cursor.expect("SEQUENCE", "BY")
    start = cursor.peek()
    cursor.name("column to order by")
    sequence = part(cursor.text, start.start, cursor.peek(-1).end)
    return FlowClause(FlowKind.REPLACE_USING, replace_using=columns, sequence_by=str(sequence))


def _predicate(cursor: Cursor) -> str:
    """The condition after REPLACE WHERE, which ends at BY NAME or at the query."""
    start = cursor.peek()
    while not cursor.done and not cursor.sees("BY", "NAME"):
        if cursor.sees("("):
            cursor.group("(")
        elif cursor.peek() is not start and cursor.peek().upper in ("SELECT", "WITH", "FROM"):
            break
        else:
            cursor.take()
    if cursor.peek() is start:
        cursor.fail("a condition")
    return str(part(cursor.text, start.start, cursor.peek(-1).end))


def _accept_cdc(cursor: Cursor) -> Token | None:
    return cursor.accept("AUTO", "CDC") or cursor.accept("APPLY", "CHANGES")
