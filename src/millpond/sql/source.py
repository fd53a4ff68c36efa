"""A .sql file of pipeline source, read into datasets and flows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from millpond.codes import SQL_SOURCE_UNREADABLE
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.cells import is_notebook
from millpond.sql.configuration import configured
from millpond.sql.cursor import Cursor
from millpond.sql.define import Registry, define
from millpond.sql.parameters import parameterized
from millpond.sql.session import Session, read_set, read_use
from millpond.sql.statements import split


def read(
    file: Path,
    configuration: Mapping[str, str],
    registry: Registry,
    parameters: Mapping[str, str] | None = None,
) -> None:
    """Read one file of SQL and hand what it defines to the registry, in order.

    Args:
        file: a SQL file, or a SQL notebook exported as source.
        configuration: of the pipeline; for `${key}`.
        registry: takes datasets and flows.
        parameters: of the pipeline; for `:name`.

    Raises:
        MillpondError: at the first thing that is wrong. What was handed over before stays.
    """
    text = _text(file)
    session = Session.of(configuration, parameters)
    notebook = is_notebook(text)
    for statement in split(text, file):
        ready = configured(statement, session.configuration)
        ready = parameterized(ready, session.parameters, session.configuration)
        cursor = Cursor(ready.text, ready.tokens, ready.at)
        if cursor.done:
            continue
        if cursor.sees("SET"):
            read_set(cursor, session)
        elif cursor.sees("USE"):
            read_use(cursor, session)
        else:
            define(cursor, session, registry, notebook=notebook)


def _text(file: Path) -> str:
    try:
        # Line breaks stay what they are, so that offsets are those of the file.
        with file.open(encoding="utf-8-sig", newline="") as source:
            return source.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = (
            getattr(error, "strerror", None) or f"byte {getattr(error, 'start', 0)} is not UTF-8"
        )
        raise MillpondError(SQL_SOURCE_UNREADABLE, at=Span(file, 1), reason=reason) from error
