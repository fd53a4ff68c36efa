from pyspark import pipelines as dp


@dp.materialized_view
def orders():
    orders = spark.range(3)
    orders.where("id > 0")
