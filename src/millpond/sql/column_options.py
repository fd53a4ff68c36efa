"""What follows a column's type: NOT NULL, GENERATED, DEFAULT, COMMENT, MASK and keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from millpond import differences
from millpond.codes import COLUMN_EXPRESSION_NOT_SUPPORTED, IDENTITY_STEP_IS_ZERO
from millpond.definitions import Computation, ComputedColumn
from millpond.errors import MillpondError
from millpond.notices import note
from millpond.sql.conditions import refused_part, volatile_part
from millpond.sql.cursor import Cursor
from millpond.sql.tokens import Token, TokenKind, words

OPTIONS = words("NOT NULL COMMENT GENERATED DEFAULT MASK CONSTRAINT PRIMARY FOREIGN REFERENCES")
OPTION_PHRASES = ("NOT NULL", "COMMENT", "GENERATED", "DEFAULT", "MASK")

_KEYS = ("CONSTRAINT", "PRIMARY", "FOREIGN", "REFERENCES")
_OPERATORS = words("AND OR IS NOT IN LIKE RLIKE BETWEEN DIV WHEN THEN ELSE END DAY DAYS HOUR HOURS")
_KEY_WORDS = words(
    "NOT ENFORCED RELY NORELY DEFERRABLE INITIALLY DEFERRED IMMEDIATE MATCH FULL ON UPDATE DELETE "
    "NO ACTION CASCADE"
)


@dataclass(slots=True)
class ColumnOptions:
    """The options of one column.

    Attributes:
        ddl: NOT NULL and COMMENT, in the order in which Spark wants them.
        computed: how its values come about, if the query need not give them.
    """

    ddl: tuple[str, ...] = ()
    comment: str | None = None
    computed: ComputedColumn | None = None


def read_options(cursor: Cursor, name: Token, *, typed: bool) -> ColumnOptions:
    """Move past the options of the column `name`.

    Args:
        typed: whether the column has a type; one without has only COMMENT and MASK.

    Raises:
        MillpondError: PARSE_SYNTAX_ERROR; COLUMN_EXPRESSION_NOT_SUPPORTED at the word of an
            expression that cannot stand there; IDENTITY_STEP_IS_ZERO.
    """
    options = ColumnOptions()
    found: dict[str, str] = {}
    while cursor.peek().upper in OPTIONS:
        first = cursor.peek()
        option = "KEY" if first.upper in _KEYS else first.upper
        repeated = option in found or (option == "GENERATED" and options.computed is not None)
        if repeated or (not typed and option not in ("COMMENT", "MASK")):
            cursor.fail(", or )")
        _read_option(cursor, option, name, options)
        if option != "KEY":
            found[option] = cursor.text[first.start : cursor.peek(-1).end]
    options.ddl = tuple(found[option] for option in ("NOT", "COMMENT") if option in found)
    return options


def _read_option(cursor: Cursor, option: str, name: Token, options: ColumnOptions) -> None:
    if option == "MASK":
        _mask(cursor)
    elif option == "KEY":
        _inline_key(cursor)
    elif option == "COMMENT":
        cursor.take()
        options.comment = cursor.string("the comment in quotes")
    elif option == "GENERATED":
        options.computed = _generated(cursor, name)
    elif option == "DEFAULT":
        options.computed = _default(cursor, name)
    else:
        cursor.expect("NOT", "NULL")


def _generated(cursor: Cursor, name: Token) -> ComputedColumn:
    first = cursor.expect("GENERATED")
    if cursor.choose(("ALWAYS", "BY")) == "BY":
        cursor.expect("DEFAULT", "AS", "IDENTITY")
        return _identity(cursor, name, first, Computation.IDENTITY_BY_DEFAULT)
    cursor.expect("AS")
    if cursor.accept("IDENTITY"):
        return _identity(cursor, name, first, Computation.IDENTITY)
    brackets = cursor.group("IDENTITY or an expression in ( )")
    between = cursor.tokens_between(*brackets)
    if not between:
        cursor.index -= 1
        cursor.fail("an expression")
    _refuse_unfit(cursor, between, "the expression of a generated column")
    at = cursor.span(first)
    expression = cursor.inside(*brackets)
    return ComputedColumn(name.value, Computation.GENERATED, at, expression)


def _identity(
    cursor: Cursor, name: Token, first: Token, computation: Computation
) -> ComputedColumn:
    start, step = 1, 1
    if cursor.accept("("):
        if cursor.accept("START", "WITH"):
            start = _integer(cursor)
        if cursor.accept("INCREMENT", "BY"):
            at = cursor.peek()
            step = _integer(cursor)
            if step == 0:
                raise MillpondError(IDENTITY_STEP_IS_ZERO, at=cursor.span(at), column=name.value)
        if not cursor.accept(")"):
            cursor.fail("START WITH n, INCREMENT BY n or )", ("START", "INCREMENT", ")"))
    return ComputedColumn(name.value, computation, cursor.span(first), None, start, step)


def _integer(cursor: Cursor) -> int:
    sign = -1 if cursor.accept("-") else 1
    token = cursor.peek()
    if token.kind is not TokenKind.NUMBER or not token.text.isdigit():
        cursor.fail("an integer")
    return sign * int(cursor.take().text)


def _default(cursor: Cursor, name: Token) -> ComputedColumn:
    first = cursor.expect("DEFAULT")
    start = cursor.index
    while not cursor.done and cursor.peek().upper not in (",", ")", "COMMENT", "MASK", *_KEYS):
        if cursor.sees("NOT", "NULL"):
            break
        constant = cursor.peek(-1).kind in (TokenKind.NUMBER, TokenKind.STRING)
        if constant and cursor.peek().is_name and cursor.peek().upper not in _OPERATORS:
            cursor.fail("COMMENT, a comma or )", OPTION_PHRASES)
        if cursor.sees("("):
            cursor.group("(")
        else:
            cursor.take()
    if cursor.index == start:
        cursor.fail("an expression")
    between = [cursor.peek(ahead) for ahead in range(start - cursor.index, 0)]
    _refuse_unfit(cursor, between, "a default")
    expression = cursor.text[between[0].start : between[-1].end]
    return ComputedColumn(name.value, Computation.DEFAULT, cursor.span(first), expression)


def _refuse_unfit(cursor: Cursor, tokens: Sequence[Token], where: str) -> None:
    refused = refused_part(tokens)
    if refused is None and where != "a default":
        refused = volatile_part(tokens)
    if refused is not None:
        token, what = refused
        at = cursor.span(token, token)
        raise MillpondError(COLUMN_EXPRESSION_NOT_SUPPORTED, at=at, what=what, where=where)


def _mask(cursor: Cursor) -> None:
    first = cursor.expect("MASK")
    cursor.name("mask function")
    if cursor.accept("USING"):
        cursor.expect("COLUMNS")
        cursor.group("(")
    note(differences.MASK, cursor.span(first))


def _inline_key(cursor: Cursor) -> None:
    if cursor.accept("CONSTRAINT"):
        cursor.identifier("the constraint's name")
    if cursor.peek().upper not in _KEYS[1:]:
        cursor.fail("PRIMARY KEY or FOREIGN KEY; an expectation stands after a comma")
    read_key(cursor)


def read_key(cursor: Cursor) -> list[Token]:
    """Move past a primary or foreign key, which Databricks does not enforce either.

    Returns the columns of this table that it names.
    """
    columns: list[Token] = []
    if cursor.accept("PRIMARY") or cursor.accept("FOREIGN"):
        cursor.expect("KEY")
        if cursor.sees("("):
            columns = list(_key_columns(cursor.tokens_between(*cursor.group("("))))
    if cursor.accept("REFERENCES"):
        cursor.name("table")
        if cursor.sees("("):
            cursor.group("(")
    while cursor.peek().upper in _KEY_WORDS:
        cursor.take()
    return columns


def _key_columns(tokens: Sequence[Token]) -> Iterator[Token]:
    """`a, b TIMESERIES`: a name, and what is said of it."""
    for index, token in enumerate(tokens):
        if token.is_name and (index == 0 or tokens[index - 1].upper == ","):
            yield token
