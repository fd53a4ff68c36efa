"""The feed of a target of AUTO CDC: look for events without a place in the order; shuffle it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.cdc.events import expression
from millpond.definitions import AutoCdc, quoted
from millpond.engine.rehearsal.outcome import Finding

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql.types import StructType

KEY, ROW = "millpond_key", "millpond_row"
_SEQUENCE = "millpond_sequence"
BATCH, _PLACE = "millpond_batch", "millpond_place"
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
    """Write a feed as files, one a batch, in an order of its own; one batch is the feed as it is.

    The files are read with the schema of `shuffled_feed`.
    """
    from pyspark.sql import functions as F

    whole = feed.coalesce(1)
    if batches == 1:
        whole = whole.withColumn(BATCH, F.lit(0))
    else:
        number = F.floor(F.rand(seed) * batches).cast("int")
        placed = whole.withColumns({BATCH: number, _PLACE: F.rand(seed + 1)})
        whole = placed.sortWithinPartitions(BATCH, _PLACE).drop(_PLACE)
    whole.write.partitionBy(BATCH).parquet(str(folder))


def shuffled_feed(session: SparkSession, folder: Path, feed: StructType) -> DataFrame:
    """The stream of a feed that was written so, a batch a file.

    Args:
        feed: the columns of the feed.
    """
    from pyspark.sql.types import IntegerType, StructField, StructType

    columns = StructType([*feed.fields, StructField(BATCH, IntegerType())])
    reader = session.readStream.schema(columns)
    return reader.option("maxFilesPerTrigger", "1").parquet(str(folder)).drop(BATCH)


def as_json(names: Sequence[str]) -> Column:
    """Columns as one JSON object, NULLs included."""
    from pyspark.sql import functions as F

    columns = [F.col(quoted(name)) for name in names]
    return F.to_json(F.struct(*columns), {"ignoreNullFields": "false"})


def _has_key(cdc: AutoCdc) -> Column:
    from pyspark.sql import functions as F

    present = [F.col(quoted(name)).isNotNull() for name in cdc.keys]
    return reduce(lambda one, other: one & other, present)
