"""Tables of the hand-written pipeline: where they are, how they are read and written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql.streaming import DataStreamWriter, StreamingQuery

from handwritten.checks import Checks


@dataclass(frozen=True)
class Lakehouse:
    """A folder of Delta tables by `schema.table`, and the checkpoints of their streams."""

    spark: SparkSession
    folder: Path

    def path(self, table: str) -> str:
        """The folder of a table."""
        return str(self.folder / "tables" / table.replace(".", "/"))

    def read(self, table: str) -> DataFrame:
        """The rows of a table."""
        return self.spark.read.format("delta").load(self.path(table))

    def stream(self, table: str) -> DataFrame:
        """The rows of a table that have not been read yet."""
        return self.spark.readStream.format("delta").load(self.path(table))

    def append(self, table: str, frame: DataFrame, checks: Checks) -> dict[str, object]:
        """Write all there is of a stream into a table; returns what was counted."""
        writer = self._writer(table, checks.apply(frame, table))
        query = writer.format("delta").outputMode("append").start(self.path(table))
        return checks.summary(_observed(query, table))

    def for_each_batch(
        self, table: str, frame: DataFrame, write: Callable[[DataFrame, int], None]
    ) -> Mapping[str, int]:
        """Hand all there is of a stream to a function; what was observed under the table's name."""
        return _observed(self._writer(table, frame).foreachBatch(write).start(), table)

    def _writer(self, table: str, frame: DataFrame) -> DataStreamWriter:
        writer = frame.writeStream.queryName(table).trigger(availableNow=True)
        return writer.option("checkpointLocation", str(self.folder / "checkpoints" / table))

    def overwrite(self, table: str, frame: DataFrame, checks: Checks) -> dict[str, object]:
        """Replace the rows of a table in one commit; returns what was counted."""
        observation = Observation(table)
        checked = checks.apply(frame, observation)
        checked.write.format("delta").mode("overwrite").save(self.path(table))
        return checks.summary(observation.get)


def _observed(query: StreamingQuery, name: str) -> Counter[str]:
    """What a query observed under a name until its end."""
    query.awaitTermination()
    counts: Counter[str] = Counter()
    for batch in query.recentProgress:
        if name in batch.observedMetrics:
            counts.update(batch.observedMetrics[name].asDict())
    return counts
