"""Empty frames that stand in for datasets during analysis."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType


def stand_in(session: SparkSession, schema: StructType, streaming: bool) -> DataFrame:
    """An empty frame of a schema, batch or streaming; all columns nullable, as stored ones are."""
    if not streaming:
        return session.createDataFrame([], schema)
    return session.readStream.schema(schema).format("json").load(_empty_folder())


def asks_for_changes(options: Mapping[str, str]) -> bool:
    """Whether a reader's options ask for the change data feed of a table."""
    given = {key.casefold(): str(value).casefold() for key, value in options.items()}
    return "true" in (given.get("readchangefeed"), given.get("readchangedata"))


def with_changes(schema: StructType, options: Mapping[str, str]) -> StructType:
    """The columns that a reader of a table gets: those of a change data feed if it asks for it."""
    from pyspark.sql.types import LongType, StringType, StructType, TimestampType

    if not asks_for_changes(options):
        return schema
    feed = StructType(list(schema.fields)).add("_change_type", StringType())
    return feed.add("_commit_version", LongType()).add("_commit_timestamp", TimestampType())


@lru_cache(maxsize=1)
def _empty_folder() -> str:
    """A folder without files: a file stream over it has a schema and no rows."""
    return tempfile.mkdtemp(prefix="millpond-empty-")
