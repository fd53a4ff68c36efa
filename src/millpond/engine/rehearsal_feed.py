"""The feed of a target of AUTO CDC: look for events without a place in the order; shuffle it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.cdc.events import expression
from millpond.definitions import AutoCdc, quoted
from millpond.engine.rehearsal_outcome import Finding

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

KEY, ROW = "millpond_key", "millpond_row"
_SEQUENCE = "millpond_sequence"
_BATCH, _PLACE = "millpond_batch", "millpond_place"
_SHOWN = 5
"""Events of a key that are shown."""


def events_of(feeds: Sequence[tuple[AutoCdc, DataFrame]]) -> DataFrame:
    """All events of a target, whichever flow they come from: key, sequence, and all as JSON."""
    from pyspark.sql import functions as F

    frames = [
        feed.select(
            as_json(cdc.keys).alias(KEY),
            expression(cdc.sequence_by).alias(_SEQUENCE),
            F.to_json(F.struct("*"), {"ignoreNullFields": "false"}).alias(ROW),
            _has_key(cdc).alias("keyed"),
        )
        for cdc, feed in feeds
    ]
    events = reduce(lambda one, other: one.unionByName(other), frames)
    # A truncate need not have a key; that a change has one is the engine's to see.
    return events.filter("keyed").drop("keyed")


def ties(events: DataFrame) -> Finding | None:
    """Sequences that different events of one key share."""
    from pyspark.sql import functions as F

    shared = (
        events.filter(F.col(_SEQUENCE).isNotNull())
        .groupBy(KEY, _SEQUENCE)
        .agg(F.sort_array(F.collect_set(ROW)).alias(ROW))
        .filter(F.size(ROW) > 1)
        .persist()
    )
    try:
        first = shared.orderBy(KEY, _SEQUENCE).first()
        if first is None:
            return None
        return Finding(shared.count(), first[KEY], tuple(first[ROW][:_SHOWN]))
    finally:
        shared.unpersist()


def tied_events(events: DataFrame, key: str) -> tuple[str, ...]:
    """The events of a key that share a sequence."""
    from pyspark.sql import functions as F

    found = ties(events.filter(F.col(KEY) == key))
    return found.events if found is not None else ()


def null_sequences(events: DataFrame) -> Finding | None:
    """Events without a sequence."""
    from pyspark.sql import functions as F

    without = events.filter(F.col(_SEQUENCE).isNull())
    first = without.orderBy(KEY, ROW).first()
    return Finding(without.count(), first[KEY], (first[ROW],)) if first is not None else None


def write_shuffled(feed: DataFrame, folder: Path, batches: int, seed: int) -> None:
    """Write a feed as a Delta table of so many commits, each a file, in an order of its own.

    One batch is the feed as it is.
    """
    from pyspark.sql import functions as F

    if batches == 1:
        feed.coalesce(1).write.format("delta").save(str(folder))
        return
    number = F.floor(F.rand(seed) * batches)
    shuffled = feed.withColumns({_BATCH: number, _PLACE: F.rand(seed + 1)}).persist()
    try:
        for batch in range(batches):
            part = shuffled.filter(F.col(_BATCH) == batch).coalesce(1).sortWithinPartitions(_PLACE)
            rows = part.drop(_BATCH, _PLACE)
            rows.write.format("delta").mode("append").save(str(folder))
    finally:
        shuffled.unpersist()


def as_json(names: Sequence[str]) -> Column:
    """Columns as one JSON object, NULLs included."""
    from pyspark.sql import functions as F

    columns = [F.col(quoted(name)) for name in names]
    return F.to_json(F.struct(*columns), {"ignoreNullFields": "false"})


def _has_key(cdc: AutoCdc) -> Column:
    from pyspark.sql import functions as F

    present = [F.col(quoted(name)).isNotNull() for name in cdc.keys]
    return reduce(lambda one, other: one & other, present)
