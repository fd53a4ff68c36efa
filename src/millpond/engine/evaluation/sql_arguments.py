"""What `spark.sql` is given beside its text: frames and values for `{name}`, names of tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from millpond.engine.evaluation.relations import evaluating
from millpond.spark_connect import is_remote
from millpond.sql.parameters import with_named_tables

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@contextmanager
def filled(
    session: SparkSession, text: str, args: Any, named: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, DataFrame]]]:
    """The text with `{name}` and `IDENTIFIER(:name)` filled in, and the frames by their new names.

    Spark's own formatter fills it, so that what it takes and refuses is the same; the frames have
    temporary views until the end.
    """
    if is_remote(session):
        from pyspark.sql.connect.sql_formatter import SQLStringFormatter
    else:
        from pyspark.sql.sql_formatter import SQLStringFormatter  # type: ignore[assignment]

    if isinstance(args, Mapping):
        text = with_named_tables(text, args)
    if not named:
        yield text, {}
        return
    formatter = SQLStringFormatter(session)  # type: ignore[arg-type]
    try:
        with evaluating(None):
            text = formatter.format(text, **named)
        yield text, {name: frame for frame, name in formatter._temp_views}
    finally:
        with evaluating(None):
            formatter.clear()
