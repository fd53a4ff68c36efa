from pyspark import pipelines as dp
from pyspark.sql.functions import udf


@udf("double")
def share(amount, total):
    return amount / total


@dp.materialized_view
def orders():
    orders = spark.sql("SELECT 12.5D AS amount, 0D AS total")
    return orders.withColumn("share", share("amount", "total"))
