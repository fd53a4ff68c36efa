"""Bitemporal history: what was believed of a key's history, from when to when (reference 4.8).

Every event is kept as it came. At each moment of system time the history is that of the events
known by then, of one business time the one that became known last; a row is shown once for each
stretch of system time in which it was part of the history.
"""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from typing import TYPE_CHECKING

from millpond.cdc.changes import (
    ARRIVAL,
    COUNTED,
    DELETED,
    INSERT,
    OP,
    REMOVE,
    UPSERTED,
    as_stored,
    operations,
    stored,
    without_stored,
)
from millpond.cdc.comparable import comparable
from millpond.cdc.hidden import (
    AUTHORS,
    DELETE,
    END,
    EVENT,
    ROW,
    SEQUENCE,
    START,
    SYSTEM,
    SYSTEM_END,
    SYSTEM_START,
    VISIBLE,
)
from millpond.cdc.history import derive_history
from millpond.cdc.layout import ChangeLayout
from millpond.cdc.names import column, columns

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_TIME, _NEXT, _PLACE = "__millpond_time", "__millpond_next_time", "__millpond_place"
_WHOLE, _STATE, _IS_NEW = "__millpond_whole", "__millpond_state", "__millpond_is_new"


def bitemporal_changes(
    events: DataFrame, known: DataFrame, layout: ChangeLayout, now: datetime
) -> DataFrame:
    """The changes of a batch to the rows of its keys.

    Args:
        events: upserts and deletions, with SYSTEM and ARRIVAL.
        known: all stored rows of these keys, events too.
        now: the time of the batch; nothing depends on it.
    """
    from pyspark.sql import functions as F

    every = _all_events(events, known, layout)
    believed = _beliefs(every, layout)
    added = every.filter(_IS_NEW).drop(_IS_NEW)
    added = added.withColumns(
        {ROW: F.when(column(ROW) == VISIBLE, EVENT).otherwise(DELETE), OP: F.lit(INSERT)}
    )
    changes = _differences(believed, known.filter(column(ROW) == VISIBLE), layout)
    return changes.unionByName(added, allowMissingColumns=True)


def _all_events(events: DataFrame, known: DataFrame, layout: ChangeLayout) -> DataFrame:
    """Each event once, ROW being VISIBLE for an upsert or DELETE, and whether it is new."""
    from pyspark.sql import functions as F

    place = (*layout.keys, SEQUENCE, SYSTEM)
    kept = [n for n in (*layout.names, ROW, AUTHORS) if n in events.columns and n not in place]
    before = known.filter(column(ROW).isin(EVENT, DELETE)).select(
        *columns((*place, *(name for name in kept if name != ROW))),
        F.when(column(ROW) == DELETE, DELETE).otherwise(VISIBLE).alias(ROW),
        F.lit(False).alias(_IS_NEW),
    )
    whole = events.withColumn(_IS_NEW, F.lit(True)).unionByName(before, allowMissingColumns=True)
    rank = F.struct(~column(_IS_NEW), column(ROW) == DELETE, column(ARRIVAL))
    grouped = whole.groupBy(*columns(place)).agg(
        F.max_by(F.struct(*columns((*kept, _IS_NEW))), rank).alias(_WHOLE)
    )
    found = (column(_WHOLE)[name].alias(name) for name in (*kept, _IS_NEW))
    return grouped.select(*columns(place), *found)


def _beliefs(every: DataFrame, layout: ChangeLayout) -> DataFrame:
    """The rows that users see."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    keys = list(layout.keys)
    order = Window.partitionBy(*columns(keys)).orderBy(column(_TIME))
    times = every.select(*columns(keys), column(SYSTEM).alias(_TIME)).distinct()
    times = times.withColumns(
        {_NEXT: F.lead(column(_TIME)).over(order), _PLACE: F.row_number().over(order)}
    )
    by_then = every.drop(_IS_NEW).join(times, keys).filter(column(SYSTEM) <= column(_TIME))
    moment = [*keys, _TIME, _NEXT, _PLACE, SEQUENCE]
    others = [name for name in by_then.columns if name not in moment]
    corrected = by_then.groupBy(*columns(moment)).agg(
        F.max_by(F.struct(*columns(others)), column(SYSTEM)).alias(_WHOLE)
    )
    corrected = corrected.select(
        *columns(moment), *(column(_WHOLE)[name].alias(name) for name in others)
    )
    history = derive_history(corrected, (*keys, _TIME), layout).filter(column(ROW) == VISIBLE)
    return _stretches(history, layout)


def _stretches(history: DataFrame, layout: ChangeLayout) -> DataFrame:
    """Each row once for every stretch of moments in which it was there."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    same = [*layout.keys, START, END, _STATE]
    rows = history.withColumn(_STATE, _state(layout))
    within = Window.partitionBy(*columns(same)).orderBy(column(_PLACE))
    rows = rows.withColumn(_PLACE, column(_PLACE) - F.row_number().over(within))
    others = [name for name in layout.names if name not in layout.keys]
    found = rows.groupBy(*columns((*same, _PLACE))).agg(
        F.min(column(_TIME)).alias(SYSTEM_START),
        F.max_by(column(_NEXT), column(_TIME)).alias(SYSTEM_END),
        *(F.max_by(column(name), column(_TIME)).alias(name) for name in others),
    )
    place = {SEQUENCE: column(START), SYSTEM: column(SYSTEM_START), ROW: F.lit(VISIBLE)}
    return found.drop(_PLACE).withColumns(place)


def _differences(believed: DataFrame, known: DataFrame, layout: ChangeLayout) -> DataFrame:
    """The operations that make the stored rows those that are believed."""
    from pyspark.sql import functions as F

    place = (*layout.keys, SEQUENCE, SYSTEM)
    before = known.withColumn(_STATE, _state(layout))
    names = (*place, ROW, END, SYSTEM_END, _STATE)
    before = as_stored(before.select(*columns(names)), names)
    same = [column(name) == stored(name) for name in place]
    joined = believed.join(before, same, "full")
    compared = [column(name).eqNullSafe(stored(name)) for name in (END, SYSTEM_END, _STATE)]
    ops = operations(
        stored(ROW), column(ROW), changed=~reduce(lambda left, right: left & right, compared)
    )
    found = {name: F.coalesce(column(name), stored(name)) for name in (*place, ROW)}
    changes = joined.withColumn(OP, F.explode(ops)).withColumns(found).drop(_STATE)
    counted = F.when(column(OP) == REMOVE, DELETED).otherwise(UPSERTED)
    return without_stored(changes.withColumn(COUNTED, counted))


def _state(layout: ChangeLayout) -> Column:
    from pyspark.sql import functions as F

    return F.struct(
        *(
            comparable(column(field.name), field.dataType).alias(field.name)
            for field in layout.columns.fields
            if field.name not in layout.keys
        )
    )
