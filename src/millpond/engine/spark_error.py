"""An error of Spark's analysis as one of ours: its condition, its sentence, the user's place."""

from __future__ import annotations

import re

from millpond import codes
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.spark_message import one_line
from millpond.sql.mapped import position

_LINE_POSITION = re.compile(r"line (\d+),? pos(?:ition)? (\d+)")
_NAMES = ("objectName", "routineName", "fieldName", "error")


def spark_error(error: Exception, dataset: object, at: Span) -> MillpondError:
    """QUERY_NOT_VALID with what Spark says, at a place that is known already."""
    condition = getattr(error, "getCondition", lambda: None)() or type(error).__name__
    return MillpondError(
        codes.QUERY_NOT_VALID,
        at=at,
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
    name = _subject(error)
    if found is None:
        offset = max(query.casefold().find(name.casefold()), 0) if name else 0
    else:
        rows = query.splitlines(keepends=True)
        offset = sum(map(len, rows[: int(found.group(1)) - 1])) + int(found.group(2))
    start = position(at, query, offset)
    return Span(start.file, start.line, start.column, start.line, start.column + max(len(name), 1))


def _subject(error: Exception) -> str:
    """The name that Spark's error is about, without its quotes, or an empty string."""
    parameters: dict[str, str] = getattr(error, "getMessageParameters", dict)() or {}
    for key in _NAMES:
        value = parameters.get(key)
        if value:
            return str(value).strip("'\"").replace("`", "")
    return ""
