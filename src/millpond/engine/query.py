"""Ask the tables of earlier updates with SQL, by the users' own names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond import codes
from millpond.engine.reading import Reading
from millpond.engine.relations import Evaluation, evaluating
from millpond.engine.session import start_session
from millpond.engine.sql import run_query
from millpond.engine.state import read_state
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sources.inputs import LocalInputs

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def run_sql(state: Path, text: str) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Column names and rows of a query over the tables in a state folder.

    Raises:
        MillpondError: NO_STATE, TABLE_OR_VIEW_NOT_FOUND, or QUERY_FAILED with Spark's reason.
    """
    from pyspark.errors import PySparkException

    stored = read_state(state)
    session = start_session(stored.logs)
    reading = Reading(
        session,
        stored,
        LocalInputs(),
        graph=None,
        dataset=None,
        schema_store=state / "schemas" / "%sql",
        catalog=stored.catalog,
        schema=stored.schema,
    )

    def execute(rewritten: str) -> DataFrame:
        with evaluating(None):
            return session.sql(rewritten)

    try:
        at = Span(Path("<sql>"), 1)
        frame = run_query(session, text, Evaluation(None, reading), at, execute, in_file=True)
        rows = frame.toLocalIterator()
        return frame.columns, (tuple(row) for row in rows)
    except PySparkException as error:
        reason = str(error).split("\n")[0]
        raise MillpondError(codes.QUERY_FAILED, reason=reason) from error
