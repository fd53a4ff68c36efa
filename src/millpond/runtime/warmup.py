"""The run that a class-data archive is made from: all that a pipeline usually does, once.

Run as `python -m millpond.runtime.warmup FOLDER JVM_OPTIONS JAR...` in a process of its own;
the JVM writes the archive when it ends.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.runtime.settings import machine_settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_EVENTS = '{"id": 1, "name": "a", "at": "2024-01-01T00:00:00Z"}\n{"id": "x"}\nnot json\n'
_SCHEMA = "id BIGINT, name STRING, at TIMESTAMP, _corrupt STRING"


def main(folder: Path, jvm_options: str, jars: list[Path]) -> None:
    """Start Spark, run the small pipeline in `folder`, and end the JVM."""
    session = _start(folder, jvm_options, jars)
    _stream_json_to_delta(session, folder)
    _stream_delta_to_delta(session, folder)
    _recompute_and_merge(session, folder)
    _append_events(session, folder)
    _end(session)


def _start(folder: Path, jvm_options: str, jars: list[Path]) -> SparkSession:
    from pyspark.sql import SparkSession

    settings = {
        **machine_settings(jars),
        # What runs once is not worth the time of the optimizing compiler.
        "spark.driver.extraJavaOptions": f"-XX:TieredStopAtLevel=1 {jvm_options}",
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.streaming.pollingDelay": "1ms",
        "spark.databricks.delta.snapshotPartitions": "1",
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    builder = SparkSession.builder.master("local[2]").appName("millpond warm-up")
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def _stream_json_to_delta(session: SparkSession, folder: Path) -> None:
    from pyspark.sql import functions as f

    landing = folder / "landing"
    landing.mkdir()
    (landing / "events.json").write_text(_EVENTS, encoding="utf-8")
    text = session.readStream.format("text").load(str(landing))
    options = {"columnNameOfCorruptRecord": "_corrupt"}
    parsed = text.select(
        f.from_json("value", _SCHEMA, options).alias("row"),
        f.from_json("value", "MAP<STRING, STRING>").alias("fields"),
        f.col("_metadata.file_path").alias("file"),
    ).select("row.*", "fields", "file", f.current_timestamp().alias("read_at"))
    flagged = parsed.withColumn("ok", f.expr("coalesce(id IS NOT NULL, false)"))
    counted = flagged.observe("rows", f.count(f.lit(1)).alias("n"), f.count_if("ok").alias("ok_n"))
    query = (
        counted.filter("ok")
        .writeStream.format("delta")
        .option("checkpointLocation", str(folder / "checkpoints" / "bronze"))
        .trigger(availableNow=True)
        .start(str(folder / "bronze"))
    )
    query.awaitTermination()


def _stream_delta_to_delta(session: SparkSession, folder: Path) -> None:
    from pyspark.sql import functions as f

    bronze = session.readStream.format("delta").load(str(folder / "bronze"))
    windows = (
        bronze.withWatermark("at", "10 minutes")
        .dropDuplicatesWithinWatermark(["id"])
        .groupBy(f.window("at", "5 minutes"))
        .agg(f.count(f.lit(1)).alias("n"))
    )
    query = (
        windows.writeStream.format("delta")
        .option("checkpointLocation", str(folder / "checkpoints" / "gold"))
        .trigger(availableNow=True)
        .start(str(folder / "gold"))
    )
    query.awaitTermination()


def _recompute_and_merge(session: SparkSession, folder: Path) -> None:
    from delta.tables import DeltaTable

    session.sql("CREATE SCHEMA IF NOT EXISTS warm")
    session.sql(
        "CREATE TABLE warm.totals (name STRING COMMENT 'x', n BIGINT) USING delta"
        " TBLPROPERTIES ('quality' = 'gold')"
    )
    bronze = session.read.format("delta").load(str(folder / "bronze"))
    bronze.createOrReplaceTempView("bronze")
    totals = session.sql("SELECT name, count(*) AS n FROM bronze GROUP BY name")
    totals.write.format("delta").mode("overwrite").saveAsTable("warm.totals")
    joined = totals.join(session.table("warm.totals").select("name"), "name")
    target = DeltaTable.forName(session, "warm.totals").alias("t")
    merge = target.merge(joined.alias("s"), "t.name = s.name")
    merge.whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()
    session.table("warm.totals").orderBy("name").collect()


def _append_events(session: SparkSession, folder: Path) -> None:
    rows = [("1", '{"a": 1}')]
    events = session.createDataFrame(rows, "id STRING, details STRING")
    events.coalesce(1).write.format("delta").mode("append").save(str(folder / "events"))
    session.read.format("delta").load(str(folder / "events")).selectExpr(
        "get_json_object(details, '$.a')"
    ).collect()


def _end(session: SparkSession) -> None:
    """Stop Spark and wait for the JVM, which writes the archive after its last breath."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    session.stop()
    if gateway is None or gateway.proc is None:
        raise RuntimeError("Spark was started without a JVM of its own")
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], [Path(jar) for jar in sys.argv[3:]])
