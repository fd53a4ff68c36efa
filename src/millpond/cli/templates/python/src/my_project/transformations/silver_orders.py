"""Orders that are valid, and those that are not."""

from pyspark import pipelines as dp
from pyspark.sql import functions as F

VALID = {
    "known_customer": "customer IS NOT NULL",
    "positive_amount": "amount > 0",
}


@dp.temporary_view
def standard_orders():
    return spark.readStream.table("bronze_orders").withColumn("country", F.upper("country"))


@dp.table(comment="Valid orders")
@dp.expect_all_or_drop(VALID)
@dp.expect("recent", "ordered_at >= '2020-01-01'")
def silver_orders():
    return spark.readStream.table("standard_orders")


@dp.table(comment="Orders that are not valid, and when that was found")
@dp.expect_or_drop("not_valid", f"NOT coalesce({' AND '.join(VALID.values())}, false)")
def quarantine_orders():
    orders = spark.readStream.table("standard_orders")
    return orders.withColumn("quarantined_at", F.current_timestamp())
