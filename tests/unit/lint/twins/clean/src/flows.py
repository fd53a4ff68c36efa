"""Flows with names of their own, and quarantines that hold what is refused."""

from pyspark import pipelines as dp
from pyspark.sql import functions as F

landing = spark.conf.get("landing")

dp.create_streaming_table("merged", expect_all={"has_id": "id IS NOT NULL"})


@dp.append_flow(target="merged", name="fill_eu")
def eu():
    return spark.readStream.table("raw.eu")


@dp.append_flow(target="merged", name="fill_us")
def us():
    return spark.readStream.table("raw.us")


@dp.table
@dp.expect("has_id", "id IS NOT NULL")
def below():
    return spark.readStream.table("raw.orders")


@dp.table
@dp.expect_or_drop("positive", "amount > 0")
def paid():
    return spark.readStream.table("raw.payments")


@dp.table
def quarantine_paid():
    broken = F.col("amount").isNull() | (F.col("amount") <= 0)
    return spark.readStream.table("raw.payments").where(broken)


@dp.materialized_view
def turnover():
    return spark.read.table("raw.orders").groupBy("shop").count()


@dp.materialized_view
def stores():
    return spark.read.format("parquet").load(landing + "/stores")
