from pyspark import pipelines as dp
from pyspark.sql import functions as F


@dp.materialized_view
def orders():
    return spark.sql("SELECT 1 AS order_id, 12.5 AS amount")


@dp.materialized_view
def revenue():
    orders = spark.read.table("orders")
    return orders.groupBy("order_id").agg(F.sum("amuont").alias("revenue"))
