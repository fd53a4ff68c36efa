"""An error of Spark's analysis as one of ours: its condition, its sentence, the user's place."""

from __future__ import annotations

import re

from millpond import codes
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.spark_message import hint, one_line, subject
from millpond.sql.databricks_functions import databricks_only
from millpond.sql.mapped import position

_QUOTED = re.compile(r"`([^`]+)`")
_LINE_POSITION = re.compile(r"line (\d+),? pos(?:ition)? (\d+)")


def spark_error(error: Exception, dataset: object, at: Span) -> MillpondError:
    """QUERY_NOT_VALID with what Spark says, at a place that is known at least roughly.

    DATABRICKS_ONLY_FUNCTION for a function that Spark does not know and Databricks does.
    """
    condition = getattr(error, "getCondition", lambda: None)() or type(error).__name__
    if condition in ("UNRESOLVED_ROUTINE", "UNRESOLVABLE_TABLE_VALUED_FUNCTION"):
        quoted = _QUOTED.search(str(error))
        name = quoted.group(1) if quoted else subject(error)
        known = databricks_only(name, at.narrowed(name))
        if known is not None:
            return known
    return MillpondError(
        codes.QUERY_NOT_VALID,
        at=at.narrowed(subject(error)),
        hint=hint(error),
        dataset=dataset,
        condition=f"[{condition}]",
        reason=one_line(str(error)),
    )


def place_in_query(error: Exception, query: str, at: Span) -> Span:
    """Where in the user's file Spark's error about a query is.

    Args:
        query: the text Spark was given; if names in it were replaced, it knows the original.
        at: where the original starts.
    """
    found = _LINE_POSITION.search(str(error))
    name = subject(error)
    if found is None:
        offset = max(query.casefold().find(name.casefold()), 0) if name else 0
    else:
        rows = query.splitlines(keepends=True)
        offset = sum(map(len, rows[: int(found.group(1)) - 1])) + int(found.group(2))
    start = position(at, query, offset)
    return Span(start.file, start.line, start.column, start.line, start.column + max(len(name), 1))
