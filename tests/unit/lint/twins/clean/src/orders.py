"""The same without the faults."""

from pyspark import pipelines as dp
from pyspark.sql import functions as F

landing = spark.conf.get("landing")
api_token = dbutils.secrets.get("shop", "token")
password = spark.conf.get("kafka.password")
YEARS = (2025, 2026)


@dp.table
@dp.expect("has_id", "id IS NOT NULL")
def counted():
    return spark.readStream.table("raw.orders")


@dp.materialized_view
def copied():
    return spark.read.table("counted").groupBy("shop").count()


for region in ["eu", "us"]:

    @dp.materialized_view(name=f"orders_{region}")
    def orders_of_region(region=region):
        return spark.read.table("raw.orders").where(F.col("region") == region)


@dp.materialized_view
def large():
    return spark.read.table("copied").where("n > 10")


@dp.materialized_view
def by_year():
    sums = [F.sum(F.expr(f"if(year = {year}, n, 0)")).alias(f"y{year}") for year in YEARS]
    return spark.read.table("raw.orders").groupBy("shop").agg(*sums)


@dp.materialized_view
def odd():
    frame = spark.read.table("raw.orders").where(F.col("id").isNotNull())
    frame = frame.where((F.col("a") > 1) & (F.col("b") > 1))
    return frame.withColumn("shop", F.upper("shop"))


@dp.table
@dp.expect("has_shop", "shop IS NOT NULL")
def sales():
    orders = spark.readStream.table("raw.orders").withWatermark("at", "10 minutes")
    return orders.groupBy(F.window("at", "5 minutes"), "shop").count()


@dp.table
@dp.expect("has_id", "id IS NOT NULL")
def distinct_orders():
    orders = spark.readStream.table("raw.orders").withWatermark("at", "1 day")
    return orders.dropDuplicatesWithinWatermark(["id"])


@dp.table
@dp.expect("has_file", "file IS NOT NULL")
def files():
    reader = spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
    return reader.load(landing).withColumn("file", F.col("_metadata.file_path"))


RULES = {"has_id": "id IS NOT NULL", "positive": "coalesce(n > 0, false)"}


@dp.table
@dp.expect_all_or_drop(RULES)
def checked():
    return spark.readStream.table("raw.orders")


@dp.table
def quarantine_checked():
    broken = f"NOT ({' AND '.join(RULES.values())})"
    return spark.readStream.table("raw.orders").where(broken)


dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
dp.create_auto_cdc_flow(
    target="customers", source="raw.changes", keys=["id"], sequence_by="changed_at"
)
