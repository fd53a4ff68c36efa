"""Every parameter of the current Python API on one page."""

from pyspark import pipelines as dp
from pyspark.sql import functions as F
from pyspark.sql.types import LongType, StringType, StructField, StructType

RULES = {"small": "id < 100", "named": "name IS NOT NULL"}


@dp.temporary_view(name="source", comment="rows to begin with", spark_conf={"spark.sql.ansi.enabled": "true"})
@dp.expect("counted on the view", "id >= 0")
def rows():
    return spark.sql("SELECT id, concat('n', id) AS name FROM range(4)")


@dp.materialized_view(
    name="gold.typed",
    comment="a materialized view",
    spark_conf={"spark.sql.shuffle.partitions": "1"},
    table_properties={"quality": "gold"},
    path="/mnt/gold/typed",
    cluster_by_auto=True,
    cluster_by=["id"],
    schema=StructType([StructField("id", LongType(), False, {"comment": "key"}), StructField("name", StringType())]),
    row_filter="ROW FILTER main.gov.mine ON (id)",
    refresh_policy="incremental",
    private=False,
)
@dp.expect_all({"even": "id % 2 = 0", "known": F.col("name").isNotNull()})
@dp.expect_or_drop("not last", "id <> 3")
@dp.expect_or_fail("positive", "id >= 0")
def typed():
    return spark.read.table("source")


@dp.table(private=True, partition_cols=["name"])
def hidden():
    return spark.range(2).select("id", F.lit("x").alias("name"))


@dp.table(temporary=True)
def hidden_too():
    return spark.read.table("hidden")


dp.create_streaming_table(
    name="fed",
    comment="fed by flows",
    spark_conf=None,
    table_properties={"delta.enableChangeDataFeed": "true"},
    partition_cols=None,
    path=None,
    schema="id BIGINT, name STRING, twice BIGINT GENERATED ALWAYS AS (id * 2)",
    expect_all={"even": "twice % 4 = 0"},
    expect_all_or_drop=RULES,
    expect_all_or_fail={"positive": "id >= 0"},
    cluster_by=["id"],
    row_filter=None,
)


@dp.append_flow(target="fed", name="history", once=True, comment="what was there", spark_conf={})
def backfill():
    return spark.sql("SELECT 100L AS id, 'big' AS name UNION ALL SELECT 5L, 'five'")


@dp.append_flow(target="fed")
def from_typed():
    return spark.readStream.option("skipChangeCommits", "true").table("gold.typed")


@dp.table(replace_using=["name"], sequence_by=F.col("id"))
def newest():
    return spark.readStream.table("fed").select("id", F.lit("only").alias("name"))


@dp.table(replace_where="id >= 5")
def replaced():
    return spark.read.table("fed").where("id >= 5").select("id")


dp.create_streaming_table("by_flow")


@dp.replace_flow(target="by_flow", replace_using=["name"], sequence_by="id", name="replacing", comment="keys")
def replacing():
    return spark.readStream.table("fed").select("id", F.lit("k").alias("name"))


@dp.materialized_view
def total():
    return spark.read.table("hidden_too").join(spark.read.table("gold.typed"), "id").agg(F.count("*").alias("n"))


@dp.table
def batch_frame():
    return spark.table("total")


@dp.view
def unread():
    return spark.read.table("total")
