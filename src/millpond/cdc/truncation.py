"""Truncations of SCD type 1: what is older goes, and stays away when it comes late.

The sequence of the last truncation is kept in a hidden row without key. It is handled as a frame
of one row, since a sequence may be a struct.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from millpond.cdc.changes import COUNTED, DELETED, INSERT, OP, REMOVE
from millpond.cdc.hidden import ROW, SEQUENCE, SINCE, TRUNCATE, VISIBLE
from millpond.cdc.layout import ChangeLayout
from millpond.cdc.names import column

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

FLOOR = "__millpond_floor"
"""The sequence of the last truncation; NULL if there was none."""


def floor_of(*frames: DataFrame) -> DataFrame:
    """One row with the sequence of the last truncation among stored rows or events."""
    from pyspark.sql import functions as F

    found = [frame.filter(column(ROW) == TRUNCATE).select(SEQUENCE) for frame in frames]
    every = found[0]
    for other in found[1:]:
        every = every.union(other)
    return every.agg(F.max(SEQUENCE).alias(FLOOR))


def not_truncated(rows: DataFrame, floor: DataFrame) -> DataFrame:
    """The events that the last truncation leaves: those that are not older."""
    from pyspark.sql import functions as F

    whole = rows.filter(column(ROW) != TRUNCATE).crossJoin(F.broadcast(floor))
    kept = column(FLOOR).isNull() | (column(SEQUENCE) >= column(FLOOR))
    return whole.filter(kept).drop(FLOOR)


def truncated(rows: DataFrame, floor: DataFrame) -> DataFrame:
    """The stored rows that a truncation removes: those that are older, tombstones too."""
    from pyspark.sql import functions as F

    whole = rows.filter(column(ROW) != TRUNCATE).crossJoin(F.broadcast(floor))
    return whole.filter(column(SEQUENCE) < column(FLOOR)).drop(FLOOR)


def truncation_changes(
    older: DataFrame,
    kept: DataFrame,
    before: DataFrame,
    floor: DataFrame,
    layout: ChangeLayout,
    now: datetime,
) -> DataFrame:
    """The changes of a truncation beside those of the batch's own events.

    Args:
        older: the stored rows that are older than it.
        kept: the batch's events that are not; their keys' rows are not looked at here.
        before, floor: the last truncation before the batch and with it.
    """
    from pyspark.sql import functions as F

    keys = list(layout.keys)
    seen = F.when(column(ROW) == VISIBLE, F.lit(DELETED))
    gone = older.join(kept.select(*map(column, keys)), keys, "left_anti")
    removals = gone.withColumns({OP: F.lit(REMOVE), COUNTED: seen})
    is_new = column("before").isNull() | (column(FLOOR) > column("before"))
    mark = floor.crossJoin(before.withColumnRenamed(FLOOR, "before")).filter(is_new)
    mark = mark.select(
        column(FLOOR).alias(SEQUENCE),
        F.lit(TRUNCATE).alias(ROW),
        F.lit(now).alias(SINCE),
        F.lit(INSERT).alias(OP),
    )
    return removals.unionByName(mark, allowMissingColumns=True)
