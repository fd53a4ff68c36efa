"""The column list of a CREATE statement: columns, expectations and other constraints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from millpond import differences
from millpond.codes import COLUMN_ALREADY_EXISTS, EXPECTATION_NOT_SUPPORTED
from millpond.definitions import Action, Expectation
from millpond.errors import MillpondError
from millpond.notices import note
from millpond.sql.conditions import refused_part
from millpond.sql.cursor import Cursor
from millpond.sql.tokens import Token, TokenKind, words

_OPTIONS = words("NOT NULL COMMENT GENERATED DEFAULT MASK CONSTRAINT PRIMARY FOREIGN")
_OPTION_PHRASES = ("NOT NULL", "COMMENT", "GENERATED", "DEFAULT", "MASK")
_TYPES = words(
    "ARRAY BIGINT BINARY BOOLEAN BYTE CHAR CHARACTER DATE DEC DECIMAL DOUBLE FLOAT GEOGRAPHY "
    "GEOMETRY INT INTEGER INTERVAL LONG MAP NUMERIC OBJECT REAL SHORT SMALLINT STRING STRUCT TIME "
    "TIMESTAMP TIMESTAMP_LTZ TIMESTAMP_NTZ TINYINT VARCHAR VARIANT VOID"
)

_OPERATORS = words("AND OR IS NOT IN LIKE RLIKE BETWEEN DIV WHEN THEN ELSE END DAY DAYS HOUR HOURS")
_KEY_WORDS = words(
    "NOT ENFORCED RELY NORELY DEFERRABLE INITIALLY DEFERRED IMMEDIATE MATCH FULL ON UPDATE DELETE "
    "NO ACTION CASCADE TIMESERIES"
)


@dataclass(slots=True)
class Columns:
    """What a column list says.

    Attributes:
        names: in order, as written but without backticks.
        definitions: of columns with a type, as DDL; empty if the list has no types.
        comments: of columns that have one.
        expectations: in order.
    """

    names: list[str] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)
    comments: dict[str, str] = field(default_factory=dict)
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
    while True:
        if cursor.sees("CONSTRAINT") or cursor.sees("PRIMARY", "KEY") or cursor.sees("FOREIGN"):
            _constraint(cursor, columns)
        else:
            _column(cursor, columns, typed)
        if not cursor.accept(","):
            break
    if not cursor.accept(")"):
        cursor.fail(", or )", (*_OPTION_PHRASES, "CONSTRAINT"))
    return columns


def _column(cursor: Cursor, columns: Columns, typed: bool) -> None:
    name = cursor.identifier("a column name or CONSTRAINT")
    if any(known.casefold() == name.value.casefold() for known in columns.names):
        raise MillpondError(COLUMN_ALREADY_EXISTS, at=cursor.span(name), column=name.value)
    has_type = cursor.peek().is_name and cursor.peek().upper not in _OPTIONS
    if has_type and not typed:
        cursor.fail("COMMENT, a comma or ) (a view's columns have no types)", ("COMMENT",))
    if columns.names and has_type is not bool(columns.definitions):
        if has_type:
            cursor.fail("COMMENT, a comma or ) (the columns before have no types)", ("COMMENT",))
        cursor.fail(f"a type for column {name.value} (the columns before have one)")
    column_type = _type(cursor) if has_type else ""
    columns.names.append(name.value)
    options = _column_options(cursor, columns, name, has_type)
    if has_type:
        columns.definitions.append(" ".join((name.text, column_type, *options)))


def _type(cursor: Cursor) -> str:
    first = cursor.peek()
    if first.upper not in _TYPES:
        cursor.fail("a type", _TYPES)
    depth = 0
    while True:
        token = cursor.peek()
        if depth == 0 and (token.upper in (",", ")", *_OPTIONS)):
            break
        if token.kind is TokenKind.END or token.upper == ")":
            cursor.fail(">" if depth else ", or )")
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
            cursor.fail(", or )", (*_OPTION_PHRASES, "CONSTRAINT"))
        cursor.take()
    return cursor.text[first.start : cursor.peek(-1).end]


def _continues_type(first: Token, before: Token, token: Token) -> bool:
    """Whether `token` can follow the first word of a type: only few types have several words."""
    if first.upper == "INTERVAL":
        return token.kind is TokenKind.WORD
    return token.upper == "COLLATE" or before.upper == "COLLATE"


def _column_options(cursor: Cursor, columns: Columns, name: Token, typed: bool) -> list[str]:
    """NOT NULL, GENERATED, DEFAULT and COMMENT as DDL in the order in which Spark wants them."""
    found: dict[str, str] = {}
    while cursor.peek().upper in _OPTIONS:
        first = cursor.peek()
        option = first.upper
        if option in found or (not typed and option not in ("COMMENT", "MASK")):
            cursor.fail(", or )")
        if option == "MASK":
            _mask(cursor, columns)
        elif option in ("CONSTRAINT", "PRIMARY", "FOREIGN"):
            _inline_constraint(cursor)
        elif option == "COMMENT":
            cursor.take()
            columns.comments[name.value] = cursor.string("the comment in quotes")
            found[option] = cursor.text[first.start : cursor.peek(-1).end]
        else:
            _value_option(cursor, option)
            found[option] = cursor.text[first.start : cursor.peek(-1).end]
    return [
        found[option] for option in ("NOT", "GENERATED", "DEFAULT", "COMMENT") if option in found
    ]


def _value_option(cursor: Cursor, option: str) -> None:
    if option == "GENERATED":
        _generated(cursor)
    elif option == "DEFAULT":
        cursor.take()
        _expression(cursor)
    else:
        cursor.expect("NOT", "NULL")


def _generated(cursor: Cursor) -> None:
    cursor.expect("GENERATED")
    if cursor.choose(("ALWAYS", "BY")) == "BY":
        cursor.expect("DEFAULT", "AS", "IDENTITY")
    else:
        cursor.expect("AS")
        if not cursor.accept("IDENTITY"):
            cursor.group("IDENTITY or an expression in ( )")
            return
    if cursor.sees("("):
        cursor.group("(")


def _expression(cursor: Cursor) -> None:
    """Move past an expression that ends at a comma, a bracket or the next option."""
    start = cursor.index
    while not cursor.done and cursor.peek().upper not in (",", ")", "COMMENT", "MASK"):
        constant = cursor.peek(-1).kind in (TokenKind.NUMBER, TokenKind.STRING)
        if constant and cursor.peek().is_name and cursor.peek().upper not in _OPERATORS:
            cursor.fail("COMMENT, a comma or )", _OPTION_PHRASES)
        if cursor.sees("("):
            cursor.group("(")
        else:
            cursor.take()
    if cursor.index == start:
        cursor.fail("an expression")


def _mask(cursor: Cursor, columns: Columns) -> None:
    first = cursor.expect("MASK")
    cursor.name("mask function")
    if cursor.accept("USING"):
        cursor.expect("COLUMNS")
        cursor.group("(")
    note(differences.MASK, cursor.span(first))


def _constraint(cursor: Cursor, columns: Columns) -> None:
    """An expectation, or a key, which is informational (reference 2.1)."""
    first = cursor.peek()
    if not cursor.accept("CONSTRAINT"):
        _key(cursor)
        return
    name = cursor.identifier("the constraint's name")
    if cursor.sees("CHECK"):
        cursor.take()
        cursor.refuse("a CHECK constraint", first)
    if cursor.peek().upper in ("PRIMARY", "FOREIGN"):
        _key(cursor)
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


def _inline_constraint(cursor: Cursor) -> None:
    if cursor.accept("CONSTRAINT"):
        cursor.identifier("the constraint's name")
    if cursor.peek().upper not in ("PRIMARY", "FOREIGN", "REFERENCES"):
        cursor.fail("PRIMARY KEY or FOREIGN KEY; an expectation stands after a comma")
    _key(cursor)


def _key(cursor: Cursor) -> None:
    """A primary or foreign key, which Databricks does not enforce either."""
    if cursor.accept("PRIMARY") or cursor.accept("FOREIGN"):
        cursor.expect("KEY")
        if cursor.sees("("):
            cursor.group("(")
    if cursor.accept("REFERENCES"):
        cursor.name("table")
        if cursor.sees("("):
            cursor.group("(")
    while cursor.peek().upper in _KEY_WORDS:
        cursor.take()
