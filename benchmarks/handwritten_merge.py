"""Changes applied as many people do it by hand: foreachBatch and MERGE, nothing remembered.

    python benchmarks/handwritten_merge.py FEED OUTPUT KIND

KIND is 1 or 2. The rows are right as long as no event is late: a deleted key comes back with an
older update, and intervals of SCD type 2 overlap. Prints the seconds that the stream ran.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.engine.spark.session import start_session

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_COLUMNS = ("id", "name", "street", "city", "balance", "changed_at")


def main(feed: Path, output: Path, kind: str) -> int:
    """Apply the whole feed; the exit status."""
    from delta.tables import DeltaTable

    spark = start_session(output / "logs")
    schema = spark.read.parquet(str(feed)).schema
    path = str(output / "table")
    more = ", start_at BIGINT, end_at BIGINT" if kind == "2" else ""
    spark.createDataFrame(
        [],
        "id BIGINT, name STRING, street STRING, city STRING, balance DECIMAL(18, 6),"
        f" changed_at TIMESTAMP{more}",
    ).write.format("delta").save(path)
    apply = _apply_latest if kind == "1" else _apply_history
    started = time.perf_counter()
    reader = spark.readStream.schema(schema).option("maxFilesPerTrigger", "1")
    stream = (
        reader.parquet(str(feed))
        .writeStream.foreachBatch(
            lambda batch, _: apply(batch, DeltaTable.forPath(batch.sparkSession, path))
        )
        .option("checkpointLocation", str(output / "checkpoint"))
        .trigger(availableNow=True)
        .start()
    )
    stream.awaitTermination()
    print(time.perf_counter() - started)
    spark.stop()
    return 0


def _apply_latest(batch: DataFrame, target: object) -> None:
    """SCD type 1: the last event of each key in the batch."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    order = Window.partitionBy("id").orderBy(F.desc("seq"))
    last = batch.withColumn("n", F.row_number().over(order)).filter("n = 1")
    values = {name: f"s.{name}" for name in _COLUMNS}
    (
        target.alias("t")  # type: ignore[attr-defined]
        .merge(last.alias("s"), "t.id = s.id")
        .whenMatchedDelete("s.operation = 'DELETE'")
        .whenMatchedUpdate(set=values)
        .whenNotMatchedInsert("s.operation != 'DELETE'", values)
        .execute()
    )


def _apply_history(batch: DataFrame, target: object) -> None:
    """SCD type 2: end the open row of each key, add the events with the next one's sequence."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    order = Window.partitionBy("id").orderBy("seq")
    events = batch.withColumns(
        {
            "end_at": F.lead("seq").over(order),
            "first": F.row_number().over(order) == 1,
        }
    )
    added = events.filter("operation != 'DELETE'").withColumn("match", F.lit(None).cast("bigint"))
    ended = events.filter("first").withColumn("match", F.col("id"))
    values = {name: f"s.{name}" for name in _COLUMNS}
    (
        target.alias("t")  # type: ignore[attr-defined]
        .merge(added.unionByName(ended).alias("s"), "t.id = s.match AND t.end_at IS NULL")
        .whenMatchedUpdate(set={"end_at": "s.seq"})
        .whenNotMatchedInsert(
            "s.match IS NULL", {**values, "start_at": "s.seq", "end_at": "s.end_at"}
        )
        .execute()
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), sys.argv[3]))
