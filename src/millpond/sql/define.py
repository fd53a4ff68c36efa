"""One statement of pipeline source, turned into the dataset and flow it defines."""

from __future__ import annotations

from typing import Protocol

from millpond import differences
from millpond.codes import INVALID_NAME, SQL_STATEMENT_WITHOUT_DEFINITION
from millpond.definitions import Dataset, DatasetKind, Flow, FlowKind, Name, SqlQuery
from millpond.errors import MillpondError
from millpond.notices import note
from millpond.sql.create import (
    QUERY_STARTS,
    Created,
    Header,
    Phrase,
    after_header,
    at_query,
    expect_query,
    read_header,
    read_phrase,
)
from millpond.sql.cursor import Cursor
from millpond.sql.flows import read_flow, read_inline_flow
from millpond.sql.mapped import Edit, edited, part, span
from millpond.sql.session import Session
from millpond.sql.tokens import words

LANGUAGE = "SQL"

_FLOW_KINDS = {
    DatasetKind.STREAMING_TABLE: FlowKind.APPEND,
    DatasetKind.MATERIALIZED_VIEW: FlowKind.COMPLETE,
    DatasetKind.TEMPORARY_VIEW: FlowKind.VIEW,
}
_STATEMENTS = ("CREATE", "SET", "USE", "APPLY")
_NOT_SUPPORTED = words(
    "INSERT MERGE UPDATE DELETE DROP ALTER TRUNCATE OPTIMIZE VACUUM ANALYZE REFRESH GRANT REVOKE "
    "COPY DECLARE EXECUTE BEGIN CACHE COMMENT"
)
_ONLY_SHOW = (*QUERY_STARTS, "SHOW", "DESCRIBE", "DESC", "EXPLAIN")


class Registry(Protocol):
    """Where definitions go; the registry of the pipeline that is being loaded."""

    def add_dataset(self, dataset: Dataset) -> None:
        """Take a dataset."""

    def add_flow(self, flow: Flow) -> None:
        """Take a flow."""


def define(
    cursor: Cursor,
    session: Session,
    registry: Registry,
    *,
    notebook: bool,
) -> None:
    """Read one statement and hand over what it defines.

    Args:
        notebook: a query that shows something may stand in a notebook, where it has no effect;
            in a plain file it is a mistake.

    Raises:
        MillpondError: PARSE_SYNTAX_ERROR, NOT_SUPPORTED_YET,
            SQL_STATEMENT_WITHOUT_DEFINITION and those of the clauses.
    """
    first = cursor.peek()
    if cursor.sees("CREATE"):
        _create(cursor, session, registry)
    elif cursor.accept("APPLY"):
        cursor.expect("CHANGES")
        cursor.refuse("APPLY CHANGES", first)
    elif first.upper in (*_ONLY_SHOW, "("):
        if not notebook:
            statement = "a query" if first.upper in (*QUERY_STARTS, "(") else first.upper
            code = SQL_STATEMENT_WITHOUT_DEFINITION
            raise MillpondError(code, at=cursor.span(first, first), statement=statement)
        note(differences.QUERY_OUTSIDE_CREATE, cursor.span(first, first))
    elif first.upper in _NOT_SUPPORTED:
        cursor.take()
        cursor.refuse(first.upper, first)
    else:
        cursor.fail("a statement: CREATE, SET or USE", (*_STATEMENTS, *_NOT_SUPPORTED))


def _create(cursor: Cursor, session: Session, registry: Registry) -> None:
    phrase = read_phrase(cursor)
    if phrase.created is Created.UNSUPPORTED:
        cursor.refuse(f"CREATE {phrase.words}", phrase.first)
    if phrase.created is Created.FLOW:
        registry.add_flow(_create_flow(cursor, session, phrase))
        return
    header = read_header(cursor, phrase)
    name = _dataset_name(cursor, session, header)
    once = _query_start(cursor, header)
    registry.add_dataset(_dataset(cursor, header, name))
    if not cursor.done:
        registry.add_flow(_implicit_flow(cursor, session, header, name, once))


def _dataset_name(cursor: Cursor, session: Session, header: Header) -> Name:
    if header.kind is not DatasetKind.TEMPORARY_VIEW:
        return session.qualified(header.name)
    if len(header.name) > 1 + (header.name[0].casefold() == "live"):
        raise MillpondError(
            INVALID_NAME,
            at=cursor.span(header.name_token, header.name_token),
            name=".".join(header.name),
            what="temporary view",
            reason="it belongs to the pipeline, so it has no catalog or schema",
        )
    return header.name


def _query_start(cursor: Cursor, header: Header) -> bool:
    """Move to the query, or to the end if there is none; whether it runs only once."""
    once = False
    if header.kind is DatasetKind.STREAMING_TABLE and cursor.accept("FLOW"):
        once = read_inline_flow(cursor)
    elif cursor.accept("AS") or at_query(cursor):
        expect_query(cursor)
    elif not cursor.done or header.kind is not DatasetKind.STREAMING_TABLE:
        after_header(cursor, header.kind)
    elif header.columns and header.columns.names and header.columns.ddl is None:
        cursor.fail("AS query, since the columns have no types")
    return once


def _dataset(cursor: Cursor, header: Header, name: Name) -> Dataset:
    columns, clauses = header.columns, header.clauses
    return Dataset(
        name=name,
        kind=header.kind,
        at=cursor.span(header.name_token, header.name_token),
        language=LANGUAGE,
        comment=clauses.comment,
        schema=columns.ddl if columns else None,
        partition_by=clauses.partition_by,
        cluster_by=clauses.cluster_by,
        table_properties=clauses.properties,
        private=header.private,
        expectations=tuple(columns.expectations) if columns else (),
        column_comments=columns.comments_without_types if columns else {},
    )


def _implicit_flow(
    cursor: Cursor, session: Session, header: Header, name: Name, once: bool
) -> Flow:
    query = _query(cursor, session)
    columns = header.columns
    if columns and columns.names and columns.ddl is None:
        query = SqlQuery(_renamed(query.text, columns.names), query.at, query.catalog, query.schema)
    return Flow(
        name=name,
        target=name,
        kind=_FLOW_KINDS[header.kind],
        query=query,
        at=cursor.span(header.name_token, header.name_token),
        language=LANGUAGE,
        once=once,
        spark_conf=dict(session.conf),
    )


def _renamed(query: str, names: list[str]) -> str:
    """The query with its columns named anew, as a column list without types does."""
    listed = ", ".join(f"`{name.replace('`', '``')}`" for name in names)
    end = len(query)
    return edited(
        query, (Edit(0, 0, "SELECT * FROM ("), Edit(end, end, f"\n) AS `query`({listed})"))
    )


def _create_flow(cursor: Cursor, session: Session, phrase: Phrase) -> Flow:
    if phrase.replaces is not None:
        cursor.index = 1
        cursor.fail("FLOW (a flow is not replaced or refreshed)", ("FLOW",))
    header = read_flow(cursor)
    return Flow(
        name=header.name,
        target=session.qualified(header.target),
        kind=FlowKind.APPEND,
        query=_query(cursor, session),
        at=cursor.span(header.name_token, header.name_token),
        language=LANGUAGE,
        comment=header.comment,
        once=header.once,
        spark_conf=dict(session.conf),
    )


def _query(cursor: Cursor, session: Session) -> SqlQuery:
    """The rest of the statement."""
    start, end = cursor.peek().start, len(cursor.text)
    return SqlQuery(
        text=part(cursor.text, start, end),
        at=span(cursor.at, cursor.text, start, end),
        catalog=session.catalog,
        schema=session.schema,
    )
