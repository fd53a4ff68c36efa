"""Empty frames that stand in for datasets during analysis."""

from __future__ import annotations

import tempfile
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


@lru_cache(maxsize=1)
def _empty_folder() -> str:
    """A folder without files: a file stream over it has a schema and no rows."""
    return tempfile.mkdtemp(prefix="millpond-empty-")
