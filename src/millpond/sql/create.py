"""CREATE statements: what is created, its name, columns and clauses, and where its query starts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from millpond.definitions import DatasetKind, Name
from millpond.sql.clauses import Clauses, clause_words, read_clauses
from millpond.sql.columns import Columns, read_columns
from millpond.sql.cursor import Cursor, listed
from millpond.sql.tokens import Token, words

QUERY_STARTS = ("SELECT", "WITH", "FROM", "VALUES", "TABLE", "MAP", "REDUCE")
"""Words that can begin a query; so can a bracket."""


class Created(Enum):
    """What the words after CREATE stand for."""

    STREAMING_TABLE = DatasetKind.STREAMING_TABLE
    MATERIALIZED_VIEW = DatasetKind.MATERIALIZED_VIEW
    TEMPORARY_VIEW = DatasetKind.TEMPORARY_VIEW
    VIEW = "PUBLISHED VIEW"
    """Published in the catalog."""
    TABLE = "MANAGED TABLE"
    """Managed, and filled by flows."""
    FLOW = "FLOW"
    UNSUPPORTED = "UNSUPPORTED"


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words between CREATE and the name.

    Attributes:
        private: not published (PRIVATE, or its old word TEMPORARY, on a table).
        first, words: where they start, and all of them without OR REFRESH.
        replaces: the OR of OR REFRESH or OR REPLACE.
    """

    created: Created
    private: bool
    first: Token
    words: str
    replaces: Token | None


@dataclass(frozen=True, slots=True)
class Header:
    """A dataset's CREATE statement up to its query.

    Attributes:
        created: what the statement says; VIEW and TABLE share a kind with others.
        name_token: the first part of the name, for positions.
        columns: None if there is no column list.
    """

    kind: DatasetKind
    created: Created
    private: bool
    name: Name
    name_token: Token
    columns: Columns | None
    clauses: Clauses


_TABLES = {
    "STREAMING TABLE": Created.STREAMING_TABLE,
    "STREAMING LIVE TABLE": Created.STREAMING_TABLE,
    "INCREMENTAL LIVE TABLE": Created.STREAMING_TABLE,
    "LIVE TABLE": Created.MATERIALIZED_VIEW,
    "MATERIALIZED VIEW": Created.MATERIALIZED_VIEW,
}
_VIEWS = ("VIEW", "LIVE VIEW", "STREAMING LIVE VIEW", "INCREMENTAL LIVE VIEW", "STREAMING VIEW")
_UNSUPPORTED = words(
    "EXTERNAL_TABLE TEMPORARY_TABLE TEMP_TABLE GLOBAL_TEMPORARY_VIEW GLOBAL_TEMP_VIEW "
    "FUNCTION TEMPORARY_FUNCTION SCHEMA DATABASE CATALOG VOLUME SINK"
)


def _phrases() -> dict[tuple[str, ...], tuple[Created, bool]]:
    """Every spelling of every age (reference 2.1 to 2.4), and whether it makes a private table."""
    found: dict[tuple[str, ...], tuple[Created, bool]] = {("FLOW",): (Created.FLOW, False)}
    for spelling in _UNSUPPORTED:
        found[tuple(spelling.split("_"))] = (Created.UNSUPPORTED, False)
    for spelling, created in _TABLES.items():
        found[tuple(spelling.split())] = (created, False)
        for private in ("PRIVATE", "TEMPORARY", "TEMP"):
            found[tuple(f"{private} {spelling}".split())] = (created, True)
    for spelling in _VIEWS:
        for temporary in ("TEMPORARY", "TEMP"):
            found[tuple(f"{temporary} {spelling}".split())] = (Created.TEMPORARY_VIEW, False)
        if "LIVE" in spelling:
            found[tuple(spelling.split())] = (Created.TEMPORARY_VIEW, False)
    found[("VIEW",)] = (Created.VIEW, False)
    found[("TABLE",)] = (Created.TABLE, False)
    return found


_PHRASES = _phrases()
_KINDS = {
    Created.VIEW: DatasetKind.TEMPORARY_VIEW,
    Created.TABLE: DatasetKind.STREAMING_TABLE,
}
_CHANGES_FLOW = (
    "Write FLOW AUTO CDC FROM ... in place of AS, or create the table without a query and then"
    " CREATE FLOW name AS AUTO CDC INTO ..."
)
_TABLE_AS = (
    "A pipeline makes a table from a query with CREATE OR REFRESH MATERIALIZED VIEW ... AS,"
    " or STREAMING TABLE."
)
_DATED = {"LIVE", "INCREMENTAL", "TEMP"}


def read_phrase(cursor: Cursor) -> Phrase:
    """Read `CREATE [OR REFRESH|REPLACE] ...` up to the name.

    Raises:
        MillpondError: PARSE_SYNTAX_ERROR at the first word that no spelling has.
    """
    cursor.expect("CREATE")
    replaces = cursor.accept("OR")
    if replaces:
        cursor.choose(("REFRESH", "REPLACE"))
    first = cursor.peek()
    read: tuple[str, ...] = ()
    while read not in _PHRASES or _continues(cursor, read):
        read = (*read, cursor.choose(_next_words(read), _modern_words(read)))
    created, private = _PHRASES[read]
    return Phrase(created, private, first, " ".join(read), replaces)


def _next_words(read: tuple[str, ...]) -> tuple[str, ...]:
    size = len(read)
    words = {p[size]: None for p in sorted(_PHRASES, key=_unsupported) if p[:size] == read != p}
    return tuple(words)


def _modern_words(read: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `_next_words` that begin nothing out of date and nothing unsupported."""
    size = len(read)
    modern = [p for p in _PHRASES if not _unsupported(p) and not _DATED.intersection(p)]
    return tuple(dict.fromkeys(p[size] for p in modern if p[:size] == read != p))


def _unsupported(phrase: tuple[str, ...]) -> bool:
    return _PHRASES[phrase][0] is Created.UNSUPPORTED


def _continues(cursor: Cursor, read: tuple[str, ...]) -> bool:
    return cursor.peek().upper in _next_words(read)


def read_header(cursor: Cursor, phrase: Phrase) -> Header:
    """Read the name, the columns and the clauses of a dataset."""
    if cursor.accept("IF"):
        cursor.expect("NOT", "EXISTS")
    kind = _KINDS.get(phrase.created) or DatasetKind(phrase.created.value)
    name_token = cursor.peek()
    name = cursor.name("dataset's name")
    typed = kind is not DatasetKind.TEMPORARY_VIEW
    columns = read_columns(cursor, typed=typed) if cursor.sees("(") else None
    clauses = read_clauses(cursor)
    return Header(kind, phrase.created, phrase.private, name, name_token, columns, clauses)


def at_query(cursor: Cursor) -> bool:
    """Whether a query starts here."""
    return cursor.peek().upper in (*QUERY_STARTS, "(")


def expect_query(cursor: Cursor) -> None:
    """Raise PARSE_SYNTAX_ERROR unless a query starts here and seems whole.

    Only what would mislead later is looked at: brackets, and the next statement swallowed because
    a semicolon is missing. All else in a query is Spark's to judge.
    """
    if not at_query(cursor):
        changes = cursor.sees("AUTO", "CDC") or cursor.sees("APPLY", "CHANGES")
        cursor.fail("a query", QUERY_STARTS, hint=_CHANGES_FLOW if changes else None)
    start = cursor.index
    while not cursor.done:
        if cursor.peek().upper in ("(", "["):
            cursor.group("(") if cursor.sees("(") else cursor.take()
        elif cursor.peek().upper == ")":
            cursor.fail("the end of the query; no bracket is open here")
        elif cursor.index > start and _starts_statement(cursor):
            cursor.fail("a semicolon before the next statement")
        else:
            cursor.take()
    cursor.index = start


def _starts_statement(cursor: Cursor) -> bool:
    if cursor.peek(-1).upper == ".":
        return False
    following = cursor.peek(1).upper
    create = cursor.sees("CREATE") and following in ("OR", *_next_words(()))
    return create or cursor.sees("APPLY", "CHANGES", "INTO")


def after_header(cursor: Cursor, created: Created) -> None:
    """Raise PARSE_SYNTAX_ERROR for a token that continues no header of this kind."""
    words = [] if created is Created.TABLE else ["AS"]
    words += clause_words()
    if created in (Created.STREAMING_TABLE, Created.TABLE):
        words.append("FLOW")
    expected = listed(tuple("AS query" if word == "AS" else word for word in words))
    hint = _TABLE_AS if created is Created.TABLE and cursor.sees("AS") else None
    if cursor.peek().upper in ("-", "/", "@", "#", "$"):
        hint = "Put a name with other characters than letters, digits and _ in backticks."
    cursor.fail(expected, words, hint=hint)
