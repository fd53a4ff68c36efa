from pyspark import pipelines as dp
from pyspark.sql.functions import sum


@dp.materialized_view
def totals():
    orders = spark.read.table("shop.silver.orders")
    return orders.groupBy("country").agg(sum("amount").alias("total"))
