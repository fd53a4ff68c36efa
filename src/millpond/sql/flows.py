"""Flow clauses: `INSERT INTO t BY NAME query`, in a statement of its own or within its table's."""

from __future__ import annotations

from dataclasses import dataclass

from millpond.definitions import Name
from millpond.sql.create import expect_query
from millpond.sql.cursor import Cursor
from millpond.sql.tokens import Token


@dataclass(frozen=True, slots=True)
class FlowHeader:
    """`CREATE FLOW` up to its query.

    Attributes:
        name_token: the first part of the flow's name, for positions.
    """

    name: Name
    name_token: Token
    target: Name
    comment: str | None
    once: bool


def read_flow(cursor: Cursor) -> FlowHeader:
    """Read `name [COMMENT c] AS INSERT [ONCE] INTO [ONCE] target BY NAME`, up to the query.

    Both word orders of ONCE are in the documentation's examples (reference 2.4).

    Raises:
        MillpondError: PARSE_SYNTAX_ERROR; NOT_SUPPORTED_YET for AUTO CDC, REPLACE USING and
            REPLACE WHERE.
    """
    name_token = cursor.peek()
    name = cursor.name("flow's name")
    comment = cursor.string("the comment in quotes") if cursor.accept("COMMENT") else None
    cursor.expect("AS")
    _refuse_cdc(cursor)
    if not cursor.accept("INSERT"):
        cursor.fail("INSERT INTO or AUTO CDC", ("INSERT", "AUTO"))
    once = cursor.accept("ONCE") is not None
    cursor.expect("INTO")
    once = cursor.accept("ONCE") is not None or once
    target = cursor.name("flow's target")
    _by_name(cursor)
    return FlowHeader(name, name_token, target, comment, once)


def read_inline_flow(cursor: Cursor) -> bool:
    """Read `INSERT [ONCE] BY NAME` after FLOW, up to the query; whether it is a ONCE flow."""
    _refuse_cdc(cursor)
    _refuse_replace(cursor)
    if not cursor.accept("INSERT"):
        cursor.fail("INSERT, AUTO CDC or REPLACE", ("INSERT", "AUTO", "REPLACE"))
    once = cursor.accept("ONCE") is not None
    _by_name(cursor)
    return once


def _by_name(cursor: Cursor) -> None:
    cursor.expect("BY", "NAME")
    _refuse_replace(cursor)
    expect_query(cursor)


def _refuse_cdc(cursor: Cursor) -> None:
    for words in (("AUTO", "CDC"), ("APPLY", "CHANGES")):
        first = cursor.accept(*words)
        if first is not None:
            cursor.refuse(" ".join(words), first)


def _refuse_replace(cursor: Cursor) -> None:
    for words in (("REPLACE", "WHERE"), ("REPLACE", "USING")):
        first = cursor.accept(*words)
        if first is not None:
            cursor.refuse(" ".join(words), first)
