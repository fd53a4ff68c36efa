"""SCD type 2: the history of a key, derived from its events in order (reference 4.3).

Every event of a key is a row: the last one of a run of upserts with equal tracked columns is seen
by users, the others of the run and the deletions are hidden. So the rows of a key are its events,
and a late event only has to be sorted in.
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
    operations,
    stored,
    stored_name,
    without_stored,
)
from millpond.cdc.comparable import comparable
from millpond.cdc.hidden import (
    AUTHORS,
    DELETE,
    END,
    ROW,
    SEQUENCE,
    SINCE,
    START,
    SUPERSEDED,
    TOMBSTONE,
    VISIBLE,
)
from millpond.cdc.history import CLOSED, derive_history
from millpond.cdc.layout import ChangeLayout
from millpond.cdc.names import column, columns

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_WHOLE, _VALUES = "__millpond_whole", "values"


def scd2_changes(
    events: DataFrame, known: DataFrame | None, layout: ChangeLayout, now: datetime
) -> DataFrame:
    """The changes of a batch to the rows of its keys.

    Args:
        events: upserts and deletions, with ARRIVAL.
        known: the stored rows of these keys, at least those that `is_affected` tells; None if the
            table is empty.
        now: the time of the batch.
    """
    from pyspark.sql import functions as F

    since = F.when(column(ROW) == DELETE, F.lit(now)).cast("timestamp")
    every = _with_stored(events.withColumn(SINCE, since), known, layout)
    derived = derive_history(every, layout.keys, layout, begun=stored_name(START))
    before, after = stored(ROW), column(ROW)
    moved = (before == VISIBLE) & (after == VISIBLE) & ~_is_same(START)
    changed = ~(_is_same(ROW) & _is_same(START) & _is_same(END))
    if layout.units:
        changed = changed | ~_values(layout).eqNullSafe(stored(_VALUES))
    ops = operations(before, after, changed=changed, replaced=moved)
    changes = derived.withColumn(OP, F.explode(ops))
    return without_stored(changes.withColumn(COUNTED, _counted())).drop(CLOSED)


def is_affected(sequence: Column) -> Column:
    """Whether an event of its key at a sequence needs a stored row: one that is not before it.

    And the upsert just before it, whose END is that of the event after it. A deletion before it
    changes nothing: with or without one, a row begins anew.
    """
    continues = column(END).isNull() | (column(END) >= sequence)
    return (column(SEQUENCE) >= sequence) | (column(ROW).isin(VISIBLE, SUPERSEDED) & continues)


def _with_stored(events: DataFrame, known: DataFrame | None, layout: ChangeLayout) -> DataFrame:
    """Events and stored rows, one for each key and sequence, with what is stored beside it.

    At the same sequence a deletion wins, then what is stored, then what came last.
    """
    from pyspark.sql import functions as F

    wanted = (*layout.names, ROW, SINCE, AUTHORS)
    kept = [name for name in wanted if name in events.columns and name not in layout.keys]
    carried = (ROW, START, END, *((_VALUES,) if layout.units else ()))
    if known is not None:
        rows = known.select(
            *columns((*layout.keys, SEQUENCE, *(name for name in kept if name != ROW))),
            F.when(column(ROW).isin(DELETE, TOMBSTONE), DELETE).otherwise(VISIBLE).alias(ROW),
            *(column(name).alias(stored_name(name)) for name in (ROW, START, END)),
            *([_values(layout).alias(stored_name(_VALUES))] if layout.units else []),
        )
        events = events.unionByName(rows, allowMissingColumns=True)
    else:
        events = events.withColumns({stored_name(name): F.lit(None) for name in carried})
    rank = F.struct(column(ROW) == DELETE, stored(ROW).isNotNull(), column(ARRIVAL))
    # One exchange of rows for the grouping here and the windows of `derive_history`.
    grouped = (
        events.repartition(*columns(layout.keys))
        .groupBy(*columns((*layout.keys, SEQUENCE)))
        .agg(
            F.max_by(F.struct(*columns(kept)), rank).alias(_WHOLE),
            *(F.first(stored(name), ignorenulls=True).alias(stored_name(name)) for name in carried),
        )
    )
    return grouped.select(
        *columns((*layout.keys, SEQUENCE)),
        *(column(_WHOLE)[name].alias(name) for name in kept),
        *(stored(name) for name in carried),
    )


def _values(layout: ChangeLayout) -> Column:
    """The columns that are no keys as one value that can be compared."""
    from pyspark.sql import functions as F

    return F.struct(
        *(
            comparable(column(field.name), field.dataType).alias(field.name)
            for field in layout.columns.fields
            if field.name not in layout.keys
        )
    )


def _is_same(name: str) -> Column:
    return column(name).eqNullSafe(stored(name))


def _counted() -> Column:
    """Rows added or changed are upserted; those that go, or that a deletion ends, are deleted."""
    from pyspark.sql import functions as F

    before, after, removed = stored(ROW) == VISIBLE, column(ROW) == VISIBLE, column(OP) == REMOVE
    ended = before & stored(END).isNull() & column(CLOSED)
    return (
        F.when(after & ~removed & F.coalesce(ended, F.lit(False)), DELETED)
        .when(after & ~removed, UPSERTED)
        .when(before & removed & ~after, DELETED)
    )
