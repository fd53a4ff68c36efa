"""A change feed as events: the target's columns, what happened, and where it stands in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from millpond.cdc.hidden import AUTHORS, DELETE, ROW, SEQUENCE, SYSTEM, TRUNCATE, VISIBLE
from millpond.cdc.layout import ChangeLayout
from millpond.cdc.names import column, columns
from millpond.cdc.units import kept_at_null
from millpond.definitions import AutoCdc, CdcExpression

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

LISTED = "__millpond_listed"
"""The units that the event writes."""
FITS = "__millpond_fits"
"""Whether the event meets WHERE."""


def change_events(source: DataFrame, cdc: AutoCdc, layout: ChangeLayout) -> DataFrame:
    """The events of a change feed, one a row.

    Columns: those of the layout; ROW, which is VISIBLE for an upsert, DELETE or TRUNCATE;
    SEQUENCE; SYSTEM of bitemporal history; AUTHORS (the event's own sequence by unit it writes)
    of partial updates; and FITS if there is a WHERE. A condition that is not true, NULL too,
    makes an event an upsert (reference 4.2).
    """
    from pyspark.sql import functions as F

    happened = F.lit(VISIBLE)
    for condition, word in ((cdc.apply_as_deletes, DELETE), (cdc.apply_as_truncates, TRUNCATE)):
        if condition is not None:
            is_so = F.coalesce(expression(condition).cast("boolean"), F.lit(False))
            happened = F.when(is_so, F.lit(word)).otherwise(happened)
    added = {ROW: happened, SEQUENCE: expression(cdc.sequence_by)}
    if cdc.system_sequence_by is not None:
        added[SYSTEM] = expression(cdc.system_sequence_by)
    if cdc.where is not None:
        added[FITS] = F.coalesce(expression(cdc.where).cast("boolean"), F.lit(False))
    if cdc.columns_to_update is not None:
        added[LISTED] = expression(cdc.columns_to_update)
    present = {name.casefold() for name in source.columns}
    names = [name for name in layout.names if name.casefold() in present]
    events = source.withColumns(added).select(*columns(names), *columns(added))
    return _authored(events, cdc, layout).drop(LISTED) if layout.units else events


def expression(given: CdcExpression) -> Column:
    """SQL text or a Column as a Column.

    What is no text is a Column, of whatever class: databricks-connect has one of its own.
    """
    from pyspark.sql import functions as F

    return F.expr(given.value) if isinstance(given.value, str) else cast("Column", given.value)


def _authored(events: DataFrame, cdc: AutoCdc, layout: ChangeLayout) -> DataFrame:
    """Add AUTHORS: for each unit that the event writes, the event's sequence."""
    from pyspark.sql import functions as F

    listed = cdc.columns_to_update is not None
    ignored = cdc.ignore_null_updates
    present = {name.casefold() for name in events.columns}
    units = [unit for unit in layout.units if unit.path[0].casefold() in present]
    if ignored is not None:
        units = list(kept_at_null(units, ignored.names, excluded=ignored.excluded))
    names = [
        F.when(
            _is_listed(unit.name) if listed else ~F.lit(unit.keeps) | unit.value().isNotNull(),
            F.lit(unit.name),
        )
        for unit in units
    ]
    written = F.array_compact(F.array(*names))
    sequences = F.transform(written, lambda _: column(SEQUENCE))
    return events.withColumn(AUTHORS, F.map_from_arrays(written, sequences))


def _is_listed(unit: str) -> Column:
    """Whether an event writes a unit: it lists the unit or what contains it, or lists nothing."""
    from pyspark.sql import functions as F

    parts = unit.casefold().split(".")
    ways = [".".join(parts[: n + 1]) for n in range(len(parts))]
    found = F.exists(column(LISTED), lambda name: F.lower(name).isin(ways))
    return column(LISTED).isNull() | F.coalesce(found, F.lit(False))
