"""What SET and USE put in force for the rest of a file (reference 2.6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from millpond.definitions import Name
from millpond.sql.cursor import Cursor
from millpond.sql.tokens import TokenKind

_SETTING = re.compile(r"SET\s+([^=]*?)\s*=\s*(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(slots=True)
class Session:
    """The settings of one file, which change from statement to statement.

    Attributes:
        configuration: what `${key}` sees: the pipeline's, then every SET as it was written.
        parameters: what `:name` sees first.
        conf: what SET gave so far, quotes around a value removed.
        catalog, schema: from USE, or None for the pipeline's own.
    """

    configuration: dict[str, str]
    parameters: dict[str, str] = field(default_factory=dict)
    conf: dict[str, str] = field(default_factory=dict)
    catalog: str | None = None
    schema: str | None = None

    @classmethod
    def of(
        cls, configuration: Mapping[str, str], parameters: Mapping[str, str] | None = None
    ) -> Session:
        """The session at the start of a file."""
        return cls(dict(configuration), dict(parameters or {}))

    def qualified(self, name: Name) -> Name:
        """A dataset's name with what USE put in force; `LIVE.x` is the pipeline's own."""
        if name[0].casefold() == "live" and len(name) > 1:
            return name
        if len(name) == 1 and self.schema is not None:
            name = (self.schema, *name)
        if len(name) == 2 and self.catalog is not None:
            name = (self.catalog, *name)
        return name


def read_set(cursor: Cursor, session: Session) -> None:
    """Read `SET key = value`, `SET TIME ZONE 'zone'` or `SET CATALOG c`.

    Raises:
        MillpondError: PARSE_SYNTAX_ERROR; NOT_SUPPORTED_YET for session variables.
    """
    first = cursor.expect("SET")
    if cursor.accept("CATALOG"):
        _use_catalog(cursor, session)
        return
    if cursor.accept("TIME", "ZONE"):
        session.conf["spark.sql.session.timeZone"] = cursor.string("a time zone in quotes")
        _at_end(cursor)
        return
    if cursor.accept("VAR") or cursor.accept("VARIABLE"):
        cursor.refuse("SET VARIABLE", first)
    setting = _SETTING.fullmatch(cursor.text)
    if setting is None or not setting.group(1):
        while not cursor.done and not cursor.sees("="):
            cursor.take()
        cursor.fail("SET key=value")
    key, value = setting.group(1).strip("`"), setting.group(2)
    session.configuration[key] = value
    session.conf[key] = _unquoted(cursor, value)


def read_use(cursor: Cursor, session: Session) -> None:
    """Read `USE CATALOG c`, `USE [SCHEMA|DATABASE|NAMESPACE] [c.]s`.

    A new catalog comes with the schema `default`, as SET CATALOG does on Databricks.
    """
    cursor.expect("USE")
    if cursor.sees("CATALOG") and cursor.peek(1).kind is not TokenKind.END:
        cursor.take()
        _use_catalog(cursor, session)
        return
    if cursor.peek().upper in ("SCHEMA", "DATABASE", "NAMESPACE"):
        cursor.take()
    name = _object(cursor, "schema")
    if len(name) > 2:
        cursor.index -= 1
        cursor.fail("a schema of at most two parts")
    session.schema = name[-1]
    if len(name) == 2:
        session.catalog = name[0]
    _at_end(cursor)


def _use_catalog(cursor: Cursor, session: Session) -> None:
    name = _object(cursor, "catalog")
    if len(name) > 1:
        cursor.index -= 1
        cursor.fail("a catalog's name, which has one part")
    session.catalog, session.schema = name[0], "default"
    _at_end(cursor)


def _object(cursor: Cursor, what: str) -> Name:
    if cursor.peek().kind is TokenKind.STRING:
        return (cursor.string(what),)
    return cursor.name(what)


def _at_end(cursor: Cursor) -> None:
    if not cursor.done:
        cursor.fail("the end of the statement, a semicolon")


def _unquoted(cursor: Cursor, value: str) -> str:
    """The content of a value that is one string literal; any other value as it is."""
    last = cursor.peek()
    while not cursor.done:
        last = cursor.take()
    return last.value if last.kind is TokenKind.STRING and last.text == value else value
