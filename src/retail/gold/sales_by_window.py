"""Gold: sales in windows of five minutes, as they close.

A window is written once, when a transaction ten minutes past its end has been seen. What reaches
silver after that is missing here; the hourly and daily tables, computed anew, have it.
"""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

SILVER = spark.conf.get("silver_schema")
GOLD = spark.conf.get("gold_schema")

WATERMARK = "10 minutes"
WINDOW = "5 minutes"


@dp.table(
    name=f"{GOLD}.gold_sales_by_window",
    comment="Sales by window of five minutes and country; a window is written once it is closed.",
    table_properties={"quality": "gold"},
)
@dp.expect_or_fail("window_not_empty", "transactions > 0 AND unique_customers > 0")
@dp.expect("revenue_positive", "revenue > 0")
def gold_sales_by_window() -> DataFrame:
    """Count and sum the transactions of each window and country."""
    revenue = F.sum("total_amount")
    return (
        spark.readStream.table(f"{SILVER}.silver_transactions")
        .withWatermark("transaction_timestamp", WATERMARK)
        .groupBy(F.window("transaction_timestamp", WINDOW), "country")
        .agg(
            F.count("*").alias("transactions"),
            revenue.alias("revenue"),
            (revenue / F.count("*")).cast("decimal(22,2)").alias("average_order_value"),
            # A window is short: its customers fit in a set, and the number is exact.
            F.size(F.collect_set("customer_id")).alias("unique_customers"),
        )
        .select(
            F.col("window.start").alias("window_start"),
            F.col("window.end").alias("window_end"),
            "country",
            "transactions",
            "revenue",
            "average_order_value",
            "unique_customers",
        )
    )
