"""What source cannot use over Spark Connect, told at the user's line: Spark's own context, RDDs.

Spark says it with names of its own; and Delta's classes fail only once the server is asked.
"""

from __future__ import annotations

import functools
from typing import Any

from millpond import codes
from millpond.definitions.caller import caller_span
from millpond.engine.evaluation.relations import current_evaluation
from millpond.errors import MillpondError

_OF_SESSIONS = {"sparkContext": "the SparkContext", "_jvm": "Java", "_jsparkSession": "Java"}
_OF_FRAMES = {"rdd": "an RDD", "_jdf": "Java"}


def install() -> None:
    """Add the attributes to Spark's classes, once in the life of the process."""
    from pyspark.sql.connect.dataframe import DataFrame
    from pyspark.sql.connect.session import SparkSession

    DataFrame.withColumns = _with_columns(DataFrame.withColumns)  # type: ignore[method-assign]
    for owner, names in ((SparkSession, _OF_SESSIONS), (DataFrame, _OF_FRAMES)):
        for name, what in names.items():
            setattr(owner, name, property(_missing(name, what)))


def _with_columns(original: Any) -> Any:
    """A classic frame takes no new columns at all as well."""

    @functools.wraps(original)
    def with_columns(self: Any, *colsMap: Any) -> Any:  # noqa: N803 - PySpark's name
        return original(self, *colsMap) if any(colsMap) else self

    return with_columns


def refuse(what: str) -> None:
    """Refuse something that source uses, if it is being evaluated.

    Raises:
        MillpondError: NOT_OVER_SPARK_CONNECT.
    """
    if current_evaluation() is not None:
        raise MillpondError(codes.NOT_OVER_SPARK_CONNECT, at=caller_span(), what=what)


def _missing(name: str, what: str) -> Any:
    def value(_: Any) -> Any:
        refuse(f"this uses {what}")
        raise AttributeError(name)  # as an attribute that there is not

    return value
