"""Sales by country."""

from pyspark import pipelines as dp
from pyspark.sql import functions as F


@dp.materialized_view(comment="Orders and revenue by country")
def gold_sales_by_country():
    orders = spark.read.table("silver_orders")
    return orders.groupBy("country").agg(
        F.count("*").alias("orders"), F.sum("amount").alias("revenue")
    )
