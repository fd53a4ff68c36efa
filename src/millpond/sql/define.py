"""One statement of pipeline source, turned into the dataset and flow it defines."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from millpond import differences
from millpond.codes import (
    EXPECTATION_ON_PUBLISHED_VIEW,
    INVALID_NAME,
    MANAGED_TABLE_DOES_NOT_SUPPORT_CDC,
    SQL_STATEMENT_WITHOUT_DEFINITION,
)
from millpond.definitions import Dataset, DatasetKind, Flow, FlowKind, Name, SqlQuery, quoted
from millpond.errors import MillpondError
from millpond.notices import note
from millpond.sql.auto_cdc import read_auto_cdc
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
from millpond.sql.flows import (
    FlowClause,
    FlowHeader,
    read_apply_changes,
    read_flow,
    read_inline_flow,
)
from millpond.sql.mapped import Edit, edited, part, span
from millpond.sql.session import Session
from millpond.sql.tokens import Token, words

LANGUAGE = "SQL"

_FLOW_KINDS = {
    DatasetKind.STREAMING_TABLE: FlowKind.APPEND,
    DatasetKind.MATERIALIZED_VIEW: FlowKind.COMPLETE,
    DatasetKind.TEMPORARY_VIEW: FlowKind.VIEW,
}
_STATEMENTS = ("CREATE", "SET", "USE", "APPLY")
_CHANGES = words(
    "INSERT MERGE UPDATE DELETE DROP ALTER TRUNCATE OPTIMIZE VACUUM ANALYZE REFRESH GRANT REVOKE "
    "COPY DECLARE EXECUTE BEGIN CACHE UNCACHE COMMENT RESTORE CALL"
)
_INSTEAD = {
    "INSERT": "Fill a table of the pipeline with CREATE FLOW ... AS INSERT INTO ... BY NAME.",
    "MERGE": "Merge changes with CREATE FLOW ... AS AUTO CDC INTO ...",
    "COPY": "Load files with CREATE OR REFRESH STREAMING TABLE ... FROM STREAM read_files(...).",
    "REFRESH": "An update refreshes every dataset; choose some with --refresh.",
    **dict.fromkeys(
        ("DECLARE", "EXECUTE", "BEGIN"),
        "A pipeline has no variables: write SET key = value; and ${key}, or :parameters.",
    ),
}
_FUNCTION = (
    "Register the function in a Python file of the pipeline: spark.udf.register('name', ...), or"
    ' spark.sql("CREATE TEMPORARY FUNCTION ...").'
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
    elif first.upper == "APPLY":
        header = read_apply_changes(cursor)
        registry.add_flow(_own_flow(cursor, session, header))
    elif first.upper in (*_ONLY_SHOW, "("):
        if not notebook:
            statement = "a query" if first.upper in (*QUERY_STARTS, "(") else first.upper
            code = SQL_STATEMENT_WITHOUT_DEFINITION
            raise MillpondError(code, at=cursor.span(first, first), statement=statement)
        note(differences.QUERY_OUTSIDE_CREATE, cursor.span(first, first))
    elif first.upper in _CHANGES:
        code, hint = SQL_STATEMENT_WITHOUT_DEFINITION, _INSTEAD.get(first.upper)
        at = cursor.span(first, first)
        raise MillpondError(code, at=at, hint=hint, statement=first.upper)
    else:
        cursor.fail("a statement: CREATE, SET or USE", (*_STATEMENTS, *_CHANGES))


def _create(cursor: Cursor, session: Session, registry: Registry) -> None:
    phrase = read_phrase(cursor)
    if phrase.created is Created.UNSUPPORTED:
        hint = _FUNCTION if phrase.words.endswith("FUNCTION") else None
        cursor.refuse(f"CREATE {phrase.words}", phrase.first, hint=hint)
    if phrase.created is Created.FLOW:
        registry.add_flow(_create_flow(cursor, session, phrase))
        return
    header = read_header(cursor, phrase)
    name = _dataset_name(cursor, session, header)
    clause = _query_start(cursor, header)
    registry.add_dataset(_dataset(cursor, header, name))
    if not cursor.done:
        registry.add_flow(_implicit_flow(cursor, session, header, name, clause))


def _dataset_name(cursor: Cursor, session: Session, header: Header) -> Name:
    if header.created is not Created.TEMPORARY_VIEW:
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


def _query_start(cursor: Cursor, header: Header) -> FlowClause:
    """Move to the query, or to the end if there is none; what the flow does with it."""
    _note_kind(cursor, header)
    first = cursor.peek()
    if header.kind is DatasetKind.STREAMING_TABLE and cursor.accept("FLOW"):
        clause = read_inline_flow(cursor)
        if header.created is Created.TABLE and clause.kind is not FlowKind.APPEND:
            raise MillpondError(
                MANAGED_TABLE_DOES_NOT_SUPPORT_CDC,
                at=cursor.span(first, first),
                table=".".join(header.name),
                flow="AUTO CDC" if clause.cdc_at else clause.kind.value.replace("_", " "),
            )
        return clause
    if header.created is not Created.TABLE and (cursor.accept("AS") or at_query(cursor)):
        expect_query(cursor)
    elif not cursor.done or header.kind is not DatasetKind.STREAMING_TABLE:
        after_header(cursor, header.created)
    elif header.columns and header.columns.names and header.columns.ddl is None:
        cursor.fail("AS query, since the columns have no types")
    return FlowClause(_FLOW_KINDS[header.kind])


def _note_kind(cursor: Cursor, header: Header) -> None:
    """Say what is otherwise about a published view or a managed table; refuse what cannot be."""
    at = cursor.span(header.name_token, header.name_token)
    if header.created is Created.TABLE:
        note(differences.MANAGED_TABLE, at)
    elif header.created is Created.VIEW:
        for expectation in header.columns.expectations if header.columns else ():
            raise MillpondError(
                EXPECTATION_ON_PUBLISHED_VIEW, at=expectation.at, view=".".join(header.name)
            )


def _dataset(cursor: Cursor, header: Header, name: Name) -> Dataset:
    columns, clauses = header.columns, header.clauses
    return Dataset(
        name=name,
        kind=header.kind,
        at=cursor.span(header.name_token, header.name_token),
        language=LANGUAGE,
        comment=clauses.comment,
        schema=columns.ddl if columns else None,
        computed=tuple(columns.computed) if columns else (),
        partition_by=clauses.partition_by,
        cluster_by=clauses.cluster_by,
        table_properties=clauses.properties,
        private=header.private,
        published=header.created is Created.VIEW,
        managed=header.created is Created.TABLE,
        expectations=tuple(columns.expectations) if columns else (),
        column_comments=columns.comments_without_types if columns else {},
    )


def _implicit_flow(
    cursor: Cursor, session: Session, header: Header, name: Name, clause: FlowClause
) -> Flow:
    if clause.cdc_at is not None:
        return _flow(cursor, session, clause, name, name, header.name_token)
    query = _query(cursor, session)
    columns = header.columns
    if columns and columns.names and columns.ddl is None:
        query = SqlQuery(_renamed(query.text, columns.names), query.at, query.catalog, query.schema)
    return _flow(cursor, session, clause, name, name, header.name_token, query)


def _flow(
    cursor: Cursor,
    session: Session,
    clause: FlowClause,
    name: Name,
    target: Name,
    at: Token,
    query: SqlQuery | None = None,
) -> Flow:
    """The flow of a clause; its query, if it is not given, is the rest of the statement."""
    cdc = None
    if clause.cdc_at is not None:
        read = read_auto_cdc(cursor, clause.cdc_at)
        cdc = read.cdc
        query = SqlQuery(read.source, read.source_at, session.catalog, session.schema)
    return Flow(
        name=name,
        target=target,
        kind=clause.kind,
        query=query or _query(cursor, session),
        at=cursor.span(at, at),
        language=LANGUAGE,
        once=clause.once,
        spark_conf=dict(session.conf),
        replace_where=clause.replace_where,
        replace_using=clause.replace_using,
        sequence_by=clause.sequence_by,
        cdc=cdc,
    )


def _renamed(query: str, names: list[str]) -> str:
    """The query with its columns named anew, as a column list without types does."""
    listed = ", ".join(quoted(name) for name in names)
    end = len(query)
    return edited(
        query, (Edit(0, 0, "SELECT * FROM ("), Edit(end, end, f"\n) AS `query`({listed})"))
    )


def _create_flow(cursor: Cursor, session: Session, phrase: Phrase) -> Flow:
    if phrase.replaces is not None:
        cursor.index = 1
        cursor.fail("FLOW (a flow is not replaced or refreshed)", ("FLOW",))
    return _own_flow(cursor, session, read_flow(cursor))


def _own_flow(cursor: Cursor, session: Session, header: FlowHeader) -> Flow:
    target = session.qualified(header.target)
    name = target if header.name == header.target else header.name
    flow = _flow(cursor, session, header.clause, name, target, header.name_token)
    return replace(flow, comment=header.comment)


def _query(cursor: Cursor, session: Session) -> SqlQuery:
    """The rest of the statement."""
    start, end = cursor.peek().start, len(cursor.text)
    return SqlQuery(
        text=part(cursor.text, start, end),
        at=span(cursor.at, cursor.text, start, end),
        catalog=session.catalog,
        schema=session.schema,
    )
