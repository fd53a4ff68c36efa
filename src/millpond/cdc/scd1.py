"""SCD type 1: one row a key, that of its newest event (reference 4.2).

A deleted key leaves a tombstone, so that older events that come later stay without effect.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from millpond.cdc.changes import (
    ARRIVAL,
    COUNTED,
    DELETED,
    OP,
    REMOVE,
    UPSERTED,
    as_stored,
    operations,
    stored,
    stored_name,
    without_stored,
)
from millpond.cdc.hidden import DELETE, ROW, SEQUENCE, SINCE, TOMBSTONE, VISIBLE
from millpond.cdc.layout import ChangeLayout
from millpond.cdc.names import column, columns

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_PLACE = "__millpond_place"


def scd1_changes(
    events: DataFrame, known: DataFrame | None, layout: ChangeLayout, now: datetime
) -> DataFrame:
    """The changes of a batch to the rows of its keys.

    Args:
        events: upserts and deletions as `newest_events` gives them.
        known: the stored rows of these keys, of which keys, SEQUENCE and ROW are read; None if
            the table is empty.
        now: the time of the batch.
    """
    from pyspark.sql import functions as F

    if known is None:
        joined = events.withColumns(_nothing_stored())
    else:
        names = (*layout.keys, SEQUENCE, ROW)
        present = as_stored(known.select(*columns(names)), names)
        joined = events.join(present, [column(key) == stored(key) for key in layout.keys], "left")
    wins_tie = (column(SEQUENCE) == stored(SEQUENCE)) & (column(ROW) == TOMBSTONE)
    applied = joined.filter(
        stored(ROW).isNull()
        | (column(SEQUENCE) > stored(SEQUENCE))
        | (wins_tie & (stored(ROW) == VISIBLE))
    )
    ops = operations(stored(ROW), column(ROW), changed=F.lit(True))
    return completed(applied.withColumn(OP, F.explode(ops)), layout, now)


def newest_events(events: DataFrame, layout: ChangeLayout) -> DataFrame:
    """The newest event of each key; at the same sequence a deletion, then what came last.

    Args:
        events: upserts and deletions, with ARRIVAL.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    order = [column(SEQUENCE), column(ROW) == DELETE, column(ARRIVAL)]
    newest = Window.partitionBy(*columns(layout.keys)).orderBy(*(each.desc() for each in order))
    found = events.withColumn(_PLACE, F.row_number().over(newest)).filter(column(_PLACE) == 1)
    row = F.when(column(ROW) == DELETE, TOMBSTONE).otherwise(column(ROW))
    return found.withColumn(ROW, row).drop(_PLACE, ARRIVAL)


def _nothing_stored() -> dict[str, Column]:
    from pyspark.sql import functions as F

    return {stored_name(name): F.lit(None) for name in (SEQUENCE, ROW)}


def completed(changes: DataFrame, layout: ChangeLayout, now: datetime) -> DataFrame:
    """Empty what a tombstone holds, and say what each change counts as."""
    from pyspark.sql import functions as F

    visible = column(ROW) == VISIBLE
    removed = column(OP) == REMOVE
    counted = F.when(visible & ~removed, UPSERTED).when(
        ~visible & removed & (stored(ROW) == VISIBLE), DELETED
    )
    others = [name for name in layout.names if name not in layout.keys]
    emptied = {name: F.when(visible, column(name)) for name in others}
    since = F.when(~visible, F.lit(now)).cast("timestamp")
    return without_stored(changes.withColumns({COUNTED: counted, SINCE: since, **emptied}))
