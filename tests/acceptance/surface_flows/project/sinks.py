from pyspark import pipelines as dp
from pyspark.sql import functions as F
from delta.tables import DeltaTable

OUT = spark.conf.get("out")
seen = {}

dp.create_sink("audit", "delta", {"path": f"{OUT}/audit"})
dp.create_sink(name="shared", format="delta", options={"tableName": "other.shared.readings"})


@dp.foreach_batch_sink(name="upserts")
def upsert(df, batch_id):
    df.persist()
    path = f"{OUT}/upserts"
    spark = df.sparkSession
    newest = df.groupBy("device").agg(F.max("value").alias("value"))
    if not DeltaTable.isDeltaTable(spark, path):
        newest.limit(0).write.format("delta").save(path)
    (
        DeltaTable.forPath(spark, path).alias("t")
        .merge(newest.alias("s"), "t.device = s.device")
        .whenMatchedUpdateAll()
        .whenNotMatchedInsertAll()
        .execute()
    )
    df.unpersist()


@dp.table(table_properties={"delta.appendOnly": "true"})
@dp.expect_or_drop("in range", "value BETWEEN 0 AND 100")
def readings():
    return spark.readStream.format("cloudFiles").option("cloudFiles.format", "csv").option(
        "header", "true"
    ).schema("device STRING, value DOUBLE").load(f"{OUT}/in")


@dp.append_flow(target="audit", name="to_audit")
def to_audit():
    return spark.readStream.table("readings").withColumn("at", F.lit("now"))


@dp.append_flow(target="shared")
def to_shared():
    return spark.readStream.table("readings")


@dp.append_flow(target="upserts")
def to_upserts():
    return spark.readStream.table("readings")


@dp.update_flow(target="upserts", name="maxima")
def maxima():
    return spark.readStream.table("readings").groupBy("device").agg(F.max("value").alias("value"))


@dp.on_event_hook(max_allowable_consecutive_failures=0)
def strict(event):
    raise ValueError(event["event_type"])


@dp.on_event_hook
def count(event):
    seen[event["event_type"]] = seen.get(event["event_type"], 0) + 1


@dp.materialized_view
def devices():
    return spark.read.format("delta").load(f"{OUT}/in_delta") if False else spark.read.table("readings").groupBy("device").count()
