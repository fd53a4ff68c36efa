"""Statements of pipeline source, read into datasets and flows."""

from __future__ import annotations

from pathlib import Path

from millpond.codes import SQL_SOURCE_UNREADABLE
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.configuration import configured
from millpond.sql.cursor import Cursor
from millpond.sql.define import Registry, define
from millpond.sql.parameters import parameterized
from millpond.sql.session import Session, read_set, read_use
from millpond.sql.statements import Statement, split


def read_statements(
    text: str, at: Span, session: Session, registry: Registry, *, notebook: bool = False
) -> None:
    """Read statements, and hand what they define to the registry, in order.

    Args:
        text: a whole file or notebook cell.
        at: where it starts: the beginning of a line.
        session: what SET and USE put in force before; it is changed by those in the text.
        registry: takes datasets and flows.
        notebook: whether the text is a notebook's cell, in which a query may stand alone.

    Raises:
        MillpondError: at the first thing that is wrong. What was handed over before stays.
    """
    for statement in split(text, at.file, at.line):
        read_statement(statement, session, registry, notebook=notebook)


def read_statement(
    statement: Statement, session: Session, registry: Registry, *, notebook: bool = False
) -> Statement:
    """Read one statement; it is given back with its `${key}` and `:name` replaced.

    Raises:
        MillpondError: what is wrong with it.
    """
    ready = configured(statement, session.configuration)
    ready = parameterized(ready, session.parameters, session.configuration)
    cursor = Cursor(ready.text, ready.tokens, ready.at)
    if cursor.sees("SET"):
        read_set(cursor, session)
    elif cursor.sees("USE"):
        read_use(cursor, session)
    elif not cursor.done:
        define(cursor, session, registry, notebook=notebook)
    return ready


def source_text(file: Path) -> str:
    """A file of SQL as text, its line breaks as they are.

    Raises:
        MillpondError: SQL_SOURCE_UNREADABLE.
    """
    try:
        # Line breaks stay what they are, so that offsets are those of the file.
        with file.open(encoding="utf-8-sig", newline="") as source:
            return source.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = (
            getattr(error, "strerror", None) or f"byte {getattr(error, 'start', 0)} is not UTF-8"
        )
        raise MillpondError(SQL_SOURCE_UNREADABLE, at=Span(file, 1), reason=reason) from error
