"""A table that is not there, as source expects to be told: by Spark's `AnalysisException`.

Source asks for a table to see whether it is there (`try: spark.table(...) except
AnalysisException`). What does so and goes on is warned of: on Databricks the table may be there.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from millpond import codes
from millpond.errors import MillpondError
from millpond.notices import take_back, warn

_MISSING = (codes.TABLE_OR_VIEW_NOT_FOUND, codes.TABLE_NOT_CREATED)


@contextmanager
def as_spark_tells() -> Iterator[None]:
    """Of a table that is not there, raise an error that is one of Spark's as well."""
    try:
        yield
    except MillpondError as error:
        if error.code not in _MISSING or isinstance(error, _both()):
            raise
        if error.code is codes.TABLE_OR_VIEW_NOT_FOUND:
            warn(_warning(error))
        raise _both()(error.code, at=error.at, hint=error.hint, **error.params) from None


def not_caught(error: BaseException) -> None:
    """An error reached the end of the user's source: it is told, so there is no warning."""
    if isinstance(error, MillpondError) and error.code is codes.TABLE_OR_VIEW_NOT_FOUND:
        take_back(_warning(error))


def _warning(error: MillpondError) -> MillpondError:
    name = error.params["name"]
    return MillpondError(codes.TABLE_DONE_WITHOUT, at=error.at, name=name)


@functools.cache
def _both() -> type[MillpondError]:
    from pyspark.errors import AnalysisException

    class TableNotFoundError(MillpondError, AnalysisException):
        """Our error, which source catches as Spark's."""

        def getCondition(self) -> str:  # noqa: N802 - Spark's name
            """Spark's condition of it."""
            return codes.TABLE_OR_VIEW_NOT_FOUND.name

        getErrorClass = getCondition  # noqa: N815

        def getSqlState(self) -> str:  # noqa: N802
            """The SQL state of it."""
            return "42P01"

        def getMessageParameters(self) -> dict[str, Any]:  # noqa: N802
            """The name, as Spark's error has it."""
            return {"relationName": f"`{self.params['name']}`"}

    return TableNotFoundError
