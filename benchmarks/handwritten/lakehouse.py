"""Tables of the hand-written pipeline: where they are, how they are read and written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import DataFrame, Observation, SparkSession

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
        query = (
            checks.apply(frame, table)
            .writeStream.format("delta")
            .outputMode("append")
            .queryName(table)
            .option("checkpointLocation", str(self.folder / "checkpoints" / table))
            .trigger(availableNow=True)
            .start(self.path(table))
        )
        query.awaitTermination()
        counts: Counter[str] = Counter()
        for batch in query.recentProgress:
            if table in batch.observedMetrics:
                counts.update(batch.observedMetrics[table].asDict())
        return checks.summary(counts)

    def overwrite(self, table: str, frame: DataFrame, checks: Checks) -> dict[str, object]:
        """Replace the rows of a table in one commit; returns what was counted."""
        observation = Observation(table)
        checked = checks.apply(frame, observation)
        checked.write.format("delta").mode("overwrite").save(self.path(table))
        return checks.summary(observation.get)
