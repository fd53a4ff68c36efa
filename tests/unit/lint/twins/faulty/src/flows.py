"""Flows and quarantines that do not hold what they should."""

from pyspark import pipelines as dp
from pyspark.sql import functions as F

dp.create_streaming_table("merged", expect_all={"has_id": "id IS NOT NULL"})


@dp.append_flow(target="merged", name="fill")
def eu():
    return spark.readStream.table("raw.eu")


@dp.append_flow(target="merged", name="fill")  # !! GR-01
def us():
    return spark.readStream.table("raw.us")


@dp.expect("has_id", "id IS NOT NULL")  # !! EX-07
@dp.table
def above():
    return spark.readStream.table("raw.orders")


@dp.table
@dp.expect_or_drop("positive", "amount > 0")
def paid():
    return spark.readStream.table("raw.payments")


@dp.table
def quarantine_paid():
    return spark.readStream.table("raw.payments").where(F.col("amount") <= 0)  # !! EX-12


@dp.table  # !! GR-04
def turnover():
    return spark.read.table("raw.orders").groupBy("shop").count()


@dp.materialized_view
def stores():
    return spark.read.format("parquet").load("s3://shop-prod/stores")  # !! HC-03


spare = 1  # millpond: ignore[ST-03] kept for the migration  # !! LN-02
