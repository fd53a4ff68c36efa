"""The column list of a CREATE statement: columns, expectations and other constraints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from millpond.codes import (
    COLUMN_ALREADY_EXISTS,
    EXPECTATION_NOT_SUPPORTED,
    KEY_COLUMN_NOT_FOUND,
    PARSE_SYNTAX_ERROR,
)
from millpond.definitions import Action, ComputedColumn, Expectation
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.column_options import OPTION_PHRASES, OPTIONS, read_key, read_options
from millpond.sql.conditions import refused_part
from millpond.sql.cursor import Cursor
from millpond.sql.tokens import Token, TokenKind, tokenize, words

_TYPES = words(
    "ARRAY BIGINT BINARY BOOLEAN BYTE CHAR CHARACTER DATE DEC DECIMAL DOUBLE FLOAT GEOGRAPHY "
    "GEOMETRY INT INTEGER INTERVAL LONG MAP NUMERIC OBJECT REAL SHORT SMALLINT STRING STRUCT TIME "
    "TIMESTAMP TIMESTAMP_LTZ TIMESTAMP_NTZ TINYINT VARCHAR VARIANT VOID"
)


@dataclass(slots=True)
class Columns:
    """What a column list says.

    Attributes:
        names: in order, as written but without backticks.
        definitions: of columns with a type, as DDL with NOT NULL and COMMENT; empty if the list
            has no types.
        comments: of columns that have one.
        computed: of columns whose values the query need not give.
        key_columns: what primary and foreign keys name, which must be columns of the list.
        expectations: in order.
    """

    names: list[str] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)
    comments: dict[str, str] = field(default_factory=dict)
    computed: list[ComputedColumn] = field(default_factory=list)
    key_columns: list[Token] = field(default_factory=list)
    expectations: list[Expectation] = field(default_factory=list)

    @property
    def ddl(self) -> str | None:
        """The columns as a DDL string, or None if they have no types."""
        return ", ".join(self.definitions) or None

    @property
    def comments_without_types(self) -> Mapping[str, str]:
        """Comments that are not part of the DDL string already."""
        return {} if self.definitions else self.comments


def read_columns(cursor: Cursor, *, typed: bool) -> Columns:
    """Read `( column_or_constraint, ... )` (reference 2.1, 2.2, 2.3).

    Args:
        cursor: before the opening bracket.
        typed: whether columns may have types; those of a view may not.
    """
    columns = Columns()
    cursor.expect("(")
    _items(cursor, columns, typed)
    if not cursor.accept(")"):
        cursor.fail(", or )", (*OPTION_PHRASES, "CONSTRAINT"))
    _check_keys(cursor, columns)
    return columns


def read_schema(text: str, at: Span) -> Columns:
    """Read a schema in a Python string: a column list without its brackets.

    Args:
        at: where `text` starts.

    Raises:
        MillpondError: PARSE_SYNTAX_ERROR, also for an expectation, which has its decorators.
    """
    cursor = Cursor(text, tokenize(text, at), at)
    columns = Columns()
    _items(cursor, columns, typed=True, colons=True)
    if not cursor.done:
        cursor.fail("a comma or the end of the schema", (*OPTION_PHRASES, "CONSTRAINT"))
    if columns.ddl is None:
        cursor.fail("a column and its type")
    for expectation in columns.expectations:
        expected = "columns and keys; expectations have decorators and arguments of their own"
        found = f"the expectation {expectation.name}"
        raise MillpondError(PARSE_SYNTAX_ERROR, at=expectation.at, found=found, expected=expected)
    _check_keys(cursor, columns)
    return columns


def _items(cursor: Cursor, columns: Columns, typed: bool, *, colons: bool = False) -> None:
    """Read columns and constraints up to what is neither.

    Args:
        colons: whether a colon may stand before a type, as Spark's own schema strings have it.
    """
    while True:
        if cursor.sees("CONSTRAINT") or cursor.sees("PRIMARY", "KEY") or cursor.sees("FOREIGN"):
            _constraint(cursor, columns)
        else:
            _column(cursor, columns, typed, colons)
        if not cursor.accept(","):
            break


def _check_keys(cursor: Cursor, columns: Columns) -> None:
    known = {name.casefold() for name in columns.names}
    for token in columns.key_columns if known else ():
        if token.value.casefold() not in known:
            at = cursor.span(token, token)
            listed = ", ".join(columns.names)
            raise MillpondError(KEY_COLUMN_NOT_FOUND, at=at, column=token.value, known=listed)


def _column(cursor: Cursor, columns: Columns, typed: bool, colons: bool) -> None:
    name = cursor.identifier("a column name or CONSTRAINT")
    if any(known.casefold() == name.value.casefold() for known in columns.names):
        raise MillpondError(COLUMN_ALREADY_EXISTS, at=cursor.span(name), column=name.value)
    if colons:
        cursor.accept(":")
    has_type = cursor.peek().is_name and cursor.peek().upper not in OPTIONS
    if has_type and not typed:
        cursor.fail("COMMENT, a comma or ) (a view's columns have no types)", ("COMMENT",))
    if columns.names and has_type is not bool(columns.definitions):
        if has_type:
            cursor.fail("COMMENT, a comma or ) (the columns before have no types)", ("COMMENT",))
        cursor.fail(f"a type for column {name.value} (the columns before have one)")
    column_type = _type(cursor) if has_type else ""
    columns.names.append(name.value)
    options = read_options(cursor, name, typed=has_type)
    if options.comment is not None:
        columns.comments[name.value] = options.comment
    if options.computed is not None:
        columns.computed.append(options.computed)
    if has_type:
        columns.definitions.append(" ".join((name.text, column_type, *options.ddl)))


def _type(cursor: Cursor) -> str:
    first = cursor.peek()
    if first.upper not in _TYPES:
        cursor.fail("a type", _TYPES)
    depth = 0
    while True:
        token = cursor.peek()
        ended = token.kind is TokenKind.END
        if depth == 0 and (ended or token.upper in (",", ")", *OPTIONS)):
            break
        if ended or token.upper == ")":
            cursor.fail(">")
        if token.upper == "(":
            cursor.group("(")
            continue
        if token.kind is TokenKind.SYMBOL:
            depth += token.text.count("<") - token.text.count(">")
            if depth < 0:
                cursor.fail(", or )")
        elif (
            depth == 0 and token is not first and not _continues_type(first, cursor.peek(-1), token)
        ):
            cursor.fail(", or )", (*OPTION_PHRASES, "CONSTRAINT"))
        cursor.take()
    return cursor.text[first.start : cursor.peek(-1).end]


def _continues_type(first: Token, before: Token, token: Token) -> bool:
    """Whether `token` can follow the first word of a type: only few types have several words."""
    if first.upper == "INTERVAL":
        return token.kind is TokenKind.WORD
    return token.upper == "COLLATE" or before.upper == "COLLATE"


def _constraint(cursor: Cursor, columns: Columns) -> None:
    """An expectation, or a key, which is informational (reference 2.1)."""
    first = cursor.peek()
    if not cursor.accept("CONSTRAINT"):
        columns.key_columns += read_key(cursor)
        return
    name = cursor.identifier("the constraint's name")
    if cursor.sees("CHECK"):
        cursor.take()
        cursor.refuse("a CHECK constraint", first)
    if cursor.peek().upper in ("PRIMARY", "FOREIGN"):
        columns.key_columns += read_key(cursor)
        return
    if not cursor.accept("EXPECT"):
        cursor.fail("EXPECT (condition)", ("EXPECT", "PRIMARY", "FOREIGN"))
    brackets = cursor.group("( and the condition")
    condition = cursor.inside(*brackets)
    if not condition:
        cursor.index -= 1
        cursor.fail("a condition")
    _refuse_unfit(cursor, *brackets)
    action = _action(cursor)
    at = cursor.span(first)
    columns.expectations.append(Expectation(name.value, condition, action, at))


def _refuse_unfit(cursor: Cursor, opening: Token, closing: Token) -> None:
    refused = refused_part(cursor.tokens_between(opening, closing))
    if refused is not None:
        token, what = refused
        raise MillpondError(EXPECTATION_NOT_SUPPORTED, at=cursor.span(token, token), what=what)


def _action(cursor: Cursor) -> Action:
    if not cursor.accept("ON"):
        return Action.WARN
    cursor.expect("VIOLATION")
    if cursor.choose(("DROP", "FAIL")) == "DROP":
        cursor.expect("ROW")
        return Action.DROP
    cursor.expect("UPDATE")
    return Action.FAIL
