"""SCD type 1 where an event may write a part of a row: each unit is that of its newest author.

A row exists if its newest upsert is newer than its newest deletion. A deletion writes NULL into
every unit, so a unit that nobody wrote since has the deletion as its author (reference 4.2).
"""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from typing import TYPE_CHECKING

from millpond.cdc.changes import ARRIVAL, OP, as_stored, operations, stored, stored_name
from millpond.cdc.comparable import comparable
from millpond.cdc.hidden import AUTHORS, DELETE, ROW, SEQUENCE, TOMBSTONE, VISIBLE
from millpond.cdc.layout import ChangeLayout
from millpond.cdc.names import column, columns
from millpond.cdc.scd1 import completed
from millpond.cdc.truncation import FLOOR
from millpond.cdc.units import Unit, assembled

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame
    from pyspark.sql.types import DataType

_UPSERTED, _DELETED = "__millpond_last_upsert", "__millpond_last_delete"
_UNIT = "__millpond_unit_"


def scd1_partial_changes(
    events: DataFrame, known: DataFrame, layout: ChangeLayout, now: datetime
) -> DataFrame:
    """The changes of a batch to the rows of its keys.

    Args:
        events: upserts and deletions, with ARRIVAL.
        known: the stored rows of these keys, whole; after a truncation all rows, with FLOOR: what
            is older than that counts as never written.
        now: the time of the batch.
    """
    from pyspark.sql import functions as F

    joined = _beside_stored(_summed(events, layout), known, layout)
    upserted = F.greatest(column(_UPSERTED), _stored_at(VISIBLE))
    deleted = F.greatest(column(_DELETED), _stored_at(TOMBSTONE))
    exists = upserted.isNotNull() & (deleted.isNull() | (upserted > deleted))
    joined = joined.withColumns({_UPSERTED: upserted, _DELETED: deleted})
    row = F.when(exists, VISIBLE).when(deleted.isNotNull(), TOMBSTONE)
    at = F.when(exists, column(_UPSERTED)).otherwise(column(_DELETED))
    joined = joined.withColumns({ROW: row, SEQUENCE: at, **_chosen(layout)})
    values = {unit.path: column(_UNIT + unit.name)["value"] for unit in layout.units}
    whole = {
        field.name: assembled(field, values)
        for field in layout.columns.fields
        if field.name not in layout.keys
    }
    authored = joined.withColumns({**whole, AUTHORS: _authors(layout)})
    changes = authored.withColumn(OP, F.explode(_operations(layout)))
    names = [*layout.names, SEQUENCE, ROW, AUTHORS, OP, stored_name(ROW)]
    return completed(changes.select(*columns(names)), layout, now)


def _summed(events: DataFrame, layout: ChangeLayout) -> DataFrame:
    """One row a key: its newest upsert and deletion, and of each unit the newest value written."""
    from pyspark.sql import functions as F

    sequence, upsert = column(SEQUENCE), column(ROW) != DELETE
    found = [
        F.max(F.when(upsert, sequence)).alias(_UPSERTED),
        F.max(F.when(~upsert, sequence)).alias(_DELETED),
    ]
    for unit in layout.units:
        writes = upsert & column(AUTHORS)[unit.name].isNotNull()
        value = F.struct(sequence.alias("at"), unit.value().alias("value"))
        order = F.when(writes, F.struct(sequence, column(ARRIVAL)))
        found.append(F.max_by(value, order).alias(_UNIT + unit.name))
    return events.groupBy(*columns(layout.keys)).agg(*found)


def _beside_stored(summed: DataFrame, known: DataFrame, layout: ChangeLayout) -> DataFrame:
    """The events of each key beside its stored row; after a truncation all other rows too."""
    from pyspark.sql import functions as F

    names = (*layout.names, SEQUENCE, ROW, AUTHORS)
    truncated = FLOOR in known.columns
    present = as_stored(known.select(*columns((*names, FLOOR) if truncated else names)), names)
    same = [column(key) == stored(key) for key in layout.keys]
    joined = summed.join(present, same, "full" if truncated else "left")
    if not truncated:
        joined = joined.withColumn(FLOOR, F.lit(None).cast(layout.sequence))
    keys = {key: F.coalesce(column(key), stored(key)) for key in layout.keys}
    return joined.withColumns(keys)


def _stored_at(row: str) -> Column:
    """The sequence of the stored row if it is of that kind, and no truncation removes it."""
    from pyspark.sql import functions as F

    kept = column(FLOOR).isNull() | (stored(SEQUENCE) >= column(FLOOR))
    return F.when((stored(ROW) == row) & kept, stored(SEQUENCE))


def _chosen(layout: ChangeLayout) -> dict[str, Column]:
    """Of each unit its value and the sequence of its author, as one column."""
    from pyspark.sql import functions as F

    found: dict[str, Column] = {}
    for unit in layout.units:
        name = _UNIT + unit.name
        new, old = column(name), _of_stored(unit)
        kind = F.struct(old["at"].alias("at"), old["value"].alias("value"))
        newer = new["at"].isNotNull() & (old["at"].isNull() | (new["at"] > old["at"]))
        newest = F.when(newer, new).otherwise(kind)
        deletion = column(_DELETED)
        gone = deletion.isNotNull() & (newest["at"].isNull() | (newest["at"] <= deletion))
        nothing = F.struct(
            deletion.alias("at"), F.when(F.lit(False), newest["value"]).alias("value")
        )
        found[name] = F.when(gone, nothing).otherwise(newest)
    return found


def _of_stored(unit: Unit) -> Column:
    """The author and value of a unit as stored; rows from before partial updates wrote all."""
    from pyspark.sql import functions as F

    author = F.when(
        stored(ROW) == VISIBLE,
        F.when(stored(AUTHORS).isNull(), stored(SEQUENCE)).otherwise(stored(AUTHORS)[unit.name]),
    )
    kept = author.isNotNull() & (column(FLOOR).isNull() | (author >= column(FLOOR)))
    value = stored(unit.path[0])
    for field in unit.path[1:]:
        value = value.getField(field)
    return F.struct(F.when(kept, author).alias("at"), F.when(kept, value).alias("value"))


def _authors(layout: ChangeLayout) -> Column:
    """AUTHORS of a row; a tombstone has none."""
    from pyspark.sql import functions as F

    pairs = [
        F.struct(F.lit(unit.name).alias("key"), column(_UNIT + unit.name)["at"].alias("value"))
        for unit in layout.units
    ]
    written = F.filter(F.array(*pairs), lambda pair: pair["value"].isNotNull())
    return F.when(column(ROW) == VISIBLE, F.map_from_entries(written))


def _operations(layout: ChangeLayout) -> Column:
    from pyspark.sql.types import MapType, StringType

    authors = MapType(StringType(), layout.sequence)
    compared = [column(SEQUENCE).eqNullSafe(stored(SEQUENCE)), _is_same(AUTHORS, authors)]
    # A deletion at the very sequence of an upsert takes its values away, not its place.
    compared += [
        _is_same(field.name, field.dataType)
        for field in layout.columns.fields
        if field.name not in layout.keys
    ]
    same = reduce(lambda left, right: left & right, compared)
    return operations(stored(ROW), column(ROW), changed=~same)


def _is_same(name: str, kind: DataType) -> Column:
    return comparable(column(name), kind).eqNullSafe(comparable(stored(name), kind))
