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
    kept = column(FLOOR).isNull() | (column(SEQUENCE) >= column(FLOOR))
    return with_floor(rows, floor).filter(kept).drop(FLOOR)


def truncated(rows: DataFrame, floor: DataFrame) -> DataFrame:
    """The stored rows that a truncation removes: those that are older, tombstones too."""
    return with_floor(rows, floor).filter(column(SEQUENCE) < column(FLOOR)).drop(FLOOR)


def with_floor(rows: DataFrame, floor: DataFrame) -> DataFrame:
    """Stored rows, earlier truncations left out, with FLOOR."""
    from pyspark.sql import functions as F

    return rows.filter(column(ROW) != TRUNCATE).crossJoin(F.broadcast(floor))


def truncation_mark(before: DataFrame, floor: DataFrame, now: datetime) -> DataFrame:
    """The row that keeps a truncation in mind; none if it is not newer than the one before."""
    from pyspark.sql import functions as F

    is_new = column("before").isNull() | (column(FLOOR) > column("before"))
    mark = floor.crossJoin(before.withColumnRenamed(FLOOR, "before")).filter(is_new)
    return mark.select(
        column(FLOOR).alias(SEQUENCE),
        F.lit(TRUNCATE).alias(ROW),
        F.lit(now).alias(SINCE),
        F.lit(INSERT).alias(OP),
    )


def removals(older: DataFrame, kept: DataFrame, layout: ChangeLayout) -> DataFrame:
    """The removal of rows that a truncation leaves behind, but of the keys of some events."""
    from pyspark.sql import functions as F

    keys = list(layout.keys)
    seen = F.when(column(ROW) == VISIBLE, F.lit(DELETED))
    gone = older.join(kept.select(*map(column, keys)), keys, "left_anti")
    return gone.withColumns({OP: F.lit(REMOVE), COUNTED: seen})
