"""What a batch does to a target: rows to insert, update and delete, for one MERGE.

A row is found again by its key (SCD type 1), or its key and what tells its versions apart. Where
a row that users see becomes one that they do not, or the reverse, the stored row is deleted and
another is inserted, so that the change feed of the target tells it so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from millpond.cdc.hidden import VISIBLE
from millpond.cdc.names import column

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

OP = "__millpond_op"
INSERT, UPDATE, REMOVE = "insert", "update", "delete"

COUNTED = "__millpond_counted"
"""Which of the two numbers of the event log the change counts towards; NULL for neither."""
UPSERTED, DELETED = "upserted", "deleted"

ARRIVAL = "__millpond_arrival"
"""The order in which events came: it decides among those of one key and sequence, which
Databricks leaves undefined."""

_STORED = "__millpond_stored_"


def stored_name(name: str) -> str:
    """What a column is called as it is in the table, beside the one that it becomes."""
    return _STORED + name


def stored(name: str) -> Column:
    """A column as it is in the table."""
    return column(stored_name(name))


def as_stored(frame: DataFrame, names: Sequence[str]) -> DataFrame:
    """A frame with columns under the names that `stored` gives them."""
    return frame.withColumnsRenamed({name: stored_name(name) for name in names})


def without_stored(frame: DataFrame) -> DataFrame:
    """A frame without the columns that `stored` gives."""
    return frame.drop(*(name for name in frame.columns if name.startswith(_STORED)))


def operations(
    before: Column, after: Column, *, changed: Column, replaced: Column | None = None
) -> Column:
    """The operations that turn a stored row into another.

    Args:
        before, after: what the row is (ROW): NULL where there is none.
        changed: whether a row that stays what it is gets other values.
        replaced: whether the change feed is to tell that as a deletion and an insertion.
    """
    from pyspark.sql import functions as F

    def ops(*names: str) -> Column:
        return F.array(*map(F.lit, names)).cast("array<string>")

    crosses = (before == VISIBLE) != (after == VISIBLE)
    if replaced is not None:
        crosses = crosses | replaced
    return (
        F.when(before.isNull() & after.isNull(), ops())
        .when(before.isNull(), ops(INSERT))
        .when(after.isNull(), ops(REMOVE))
        .when(crosses, ops(REMOVE, INSERT))
        .when(changed, ops(UPDATE))
        .otherwise(ops())
    )
