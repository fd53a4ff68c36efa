"""Ask the tables of earlier updates with SQL, by the users' own names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond import codes
from millpond.engine.evaluation.reading import Reading
from millpond.engine.evaluation.relations import Evaluation, evaluating
from millpond.engine.evaluation.sql import run_query
from millpond.engine.failure import innermost, is_from_the_jvm
from millpond.engine.spark.session import start_session
from millpond.engine.state import State, read_state
from millpond.errors import MillpondError
from millpond.location import Span, unfiled
from millpond.sources.inputs import find_inputs, load_inputs
from millpond.spark_message import one_line
from millpond.sql.mapped import span
from millpond.sql.parameters import parameterized
from millpond.sql.statements import Statement, split
from millpond.sql.tokens import words

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_SHOWN = 10
_NO_TABLES = "No update has filled a table here yet: run the pipeline first (`millpond run`)."


def run_sql(
    state: Path,
    text: str,
    parameters: Mapping[str, str] | None = None,
    file: Path | None = None,
    *,
    catalog: str | None = None,
    schema: str | None = None,
) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Column names and rows of a query over the tables in a state folder.

    Args:
        parameters: values of the query's `:name`s, as strings.
        file: where the query is written.
        catalog, schema: where unqualified names live, if not where the pipeline's do.

    Raises:
        MillpondError: NO_STATE, QUERY_COUNT, SQL_PARAMETER_MISSING, TABLE_OR_VIEW_NOT_FOUND, or
            QUERY_FAILED with Spark's reason.
    """
    query = _query(text, file or unfiled("<sql>", text), parameters or {})
    stored = read_state(state)
    session = start_session(stored.logs)
    reading = Reading(
        session,
        stored,
        load_inputs(find_inputs(Path(stored.project)), stored.target),
        graph=None,
        dataset=None,
        schema_store=state / "schemas" / "%sql",
        catalog=catalog or stored.catalog,
        schema=schema or stored.schema,
    )

    def execute(rewritten: str) -> DataFrame:
        with evaluating(None):
            return session.sql(rewritten)

    evaluation = Evaluation(None, reading)
    try:
        frame = run_query(session, query.text, evaluation, query.at, execute, in_file=True)
    except MillpondError as error:
        raise _told_of_a_query(error, stored) from error
    return frame.columns, _rows(frame)


def _query(text: str, file: Path, parameters: Mapping[str, str]) -> Statement:
    statements = split(text, file)
    if len(statements) != 1:
        at = statements[1].at if statements else Span(file, 1)
        raise MillpondError(codes.QUERY_COUNT, at=at, count=len(statements))
    _refuse_changes(statements[0])
    return parameterized(statements[0], parameters, {})


_CHANGES = words(
    "ADD ALTER ANALYZE BEGIN CACHE CALL COMMENT CONVERT COPY CREATE DELETE DROP EXECUTE FSCK GRANT "
    "INSERT LOAD MERGE MSCK OPTIMIZE REFRESH REORG REPAIR REPLACE RESTORE REVOKE TRUNCATE UNCACHE "
    "UNDROP UPDATE VACUUM"
)
_WRITES = {"INSERT": ("INTO", "OVERWRITE"), "MERGE": ("INTO", "WITH"), "DELETE": ("FROM",)}


def _refuse_changes(statement: Statement) -> None:
    """Refuse a statement that changes something, and a write behind WITH or FROM.

    Raises:
        MillpondError: QUERY_CHANGES, at its word.
    """
    depth, tokens = 0, statement.tokens
    for index, token in enumerate(tokens):
        depth += (token.upper == "(") - (token.upper == ")")
        following = tokens[index + 1].upper if index + 1 < len(tokens) else ""
        writes = depth == 0 and following in _WRITES.get(token.upper, ())
        if writes or (index == 0 and token.upper in _CHANGES):
            at = span(statement.at, statement.text, token.start, token.end)
            raise MillpondError(codes.QUERY_CHANGES, at=at, statement=token.text.upper())


def _told_of_a_query(error: MillpondError, state: State) -> MillpondError:
    """An error as it concerns someone who looks at tables, not someone who defines them."""
    if error.code is codes.QUERY_NOT_VALID:
        return MillpondError(codes.QUERY_FAILED, at=error.at, reason=error.params["reason"])
    if error.code is codes.TABLE_OR_VIEW_NOT_FOUND:
        known = [table for table in state.tables.values() if table.created and not table.private]
        names = ", ".join(str(table.qualified) for table in known[:_SHOWN])
        more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
        hint = f"Tables here: {names}{more}." if known else _NO_TABLES
        return MillpondError(error.code, at=error.at, hint=hint, **error.params)
    return error


def _rows(frame: DataFrame) -> Iterator[tuple[Any, ...]]:
    """The rows, fetched a partition at a time; the query runs while they are read."""
    from pyspark.errors import PySparkException

    try:
        for row in frame.toLocalIterator():
            yield tuple(row)
    except PySparkException as error:
        raise MillpondError(codes.QUERY_FAILED, reason=one_line(str(error))) from error
    except Exception as error:
        # What a query raises itself, as with raise_error, reaches the iterator unconverted.
        if not is_from_the_jvm(error):
            raise
        reason = one_line(innermost(str(error)))
        raise MillpondError(codes.QUERY_FAILED, reason=reason) from error
