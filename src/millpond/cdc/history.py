"""The history of keys from their events in order: which rows are seen, from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from millpond.cdc.comparable import comparable
from millpond.cdc.hidden import (
    AUTHORS,
    DELETE,
    END,
    ROW,
    SEQUENCE,
    START,
    SUPERSEDED,
    TOMBSTONE,
    VISIBLE,
)
from millpond.cdc.layout import ChangeLayout
from millpond.cdc.names import column, columns
from millpond.cdc.units import assembled

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, WindowSpec

CLOSED = "__millpond_closed"
"""Whether the row ends because its key was deleted."""
_OPENS, _LIFE = "__millpond_opens", "__millpond_life"
_BEFORE, _AFTER = "__millpond_before", "__millpond_after"
_NEXT_OPENS, _NEXT, _FIRST = "__millpond_next_opens", "__millpond_next", "__millpond_first"


def derive_history(
    events: DataFrame, within: Sequence[str], layout: ChangeLayout, begun: str | None = None
) -> DataFrame:
    """The events with ROW, START, END and CLOSED as history has them (reference 4.3).

    Consecutive upserts with equal tracked columns are a run: its last event is seen, with the
    sequence of its first one as START. END of an upsert is the sequence of the event after it.

    Args:
        events: one row for each key and sequence, ROW being VISIBLE for an upsert or DELETE;
            other columns are carried along.
        within: the columns that tell one history from another.
        begun: the column with the START that the first of these events has if it goes on from
            one that is not among them; NULL in all others.
    """
    from pyspark.sql import functions as F

    if layout.units:
        events = _inherited(events, within, layout)
    order = _ordered(within)
    so_far = order.rowsBetween(_first_row(), 0)
    upsert = column(ROW) == VISIBLE
    state = _state(layout)
    same = (F.lag(column(ROW)).over(order) == VISIBLE) & state.eqNullSafe(F.lag(state).over(order))
    opened = events.withColumn(_OPENS, upsert & ~F.coalesce(same, F.lit(False)))
    first = F.when(column(_OPENS), _opening(order, begun))
    beside = opened.withColumns(
        {
            _BEFORE: F.lag(column(ROW)).over(order),
            _AFTER: F.lead(column(ROW)).over(order),
            _NEXT_OPENS: F.lead(column(_OPENS)).over(order),
            _NEXT: F.lead(column(SEQUENCE)).over(order),
            _FIRST: F.last(first, ignorenulls=True).over(so_far),
        }
    )
    goes_on = (column(_AFTER) == VISIBLE) & ~column(_NEXT_OPENS)
    ends = upsert & ~F.coalesce(goes_on, F.lit(False))
    row = (
        F.when(ends, VISIBLE)
        .when(upsert, SUPERSEDED)
        .when(column(_BEFORE) == VISIBLE, DELETE)
        .otherwise(TOMBSTONE)
    )
    others = [name for name in layout.names if name not in layout.keys]
    return beside.withColumns(
        {
            ROW: row,
            START: F.when(upsert, column(_FIRST)),
            END: F.when(upsert, column(_NEXT)),
            CLOSED: ends & (column(_AFTER) == DELETE),
            **{name: F.when(upsert, column(name)) for name in others},
        }
    ).drop(_OPENS, _BEFORE, _AFTER, _NEXT_OPENS, _NEXT, _FIRST)


def _opening(order: WindowSpec, begun: str | None) -> Column:
    """The START of a run at its first event: that event's sequence, or what is known of it."""
    from pyspark.sql import functions as F

    if begun is None:
        return column(SEQUENCE)
    is_first = F.lag(column(ROW)).over(order).isNull()
    return F.when(is_first & column(begun).isNotNull(), column(begun)).otherwise(column(SEQUENCE))


def _ordered(within: Sequence[str]) -> WindowSpec:
    from pyspark.sql import Window

    return Window.partitionBy(*columns(within)).orderBy(column(SEQUENCE))


def _first_row() -> int:
    from pyspark.sql import Window

    return Window.unboundedPreceding


def _state(layout: ChangeLayout) -> Column:
    """The tracked columns as one value."""
    from pyspark.sql import functions as F

    tracked = [
        comparable(column(name), layout.columns[name].dataType).alias(name)
        for name in layout.tracked
    ]
    return F.struct(*tracked) if tracked else F.lit(True)


def _inherited(events: DataFrame, within: Sequence[str], layout: ChangeLayout) -> DataFrame:
    """Give each unit that an event leaves alone the value that it had before.

    A deletion writes NULL into every unit, so nothing is inherited from before it.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    deletions = F.sum((column(ROW) == DELETE).cast("int"))
    so_far = _ordered(within).rowsBetween(_first_row(), 0)
    lives = events.withColumn(_LIFE, deletions.over(so_far))
    life = Window.partitionBy(*columns((*within, _LIFE))).orderBy(column(SEQUENCE))
    life = life.rowsBetween(_first_row(), 0)
    values = {}
    for unit in layout.units:
        # A row from before partial updates has no authors: it wrote all.
        written = column(AUTHORS).isNull() | column(AUTHORS)[unit.name].isNotNull()
        value = F.when((column(ROW) == VISIBLE) & written, F.struct(unit.value().alias("value")))
        values[unit.path] = F.last(value, ignorenulls=True).over(life)["value"]
    whole = {
        name: assembled(layout.columns[name], values)
        for name in layout.names
        if name not in layout.keys
    }
    return lives.withColumns(whole).drop(_LIFE)
