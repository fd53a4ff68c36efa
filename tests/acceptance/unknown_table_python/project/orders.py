from pyspark import pipelines as dp


@dp.materialized_view
def raw_orders():
    return spark.range(3)


@dp.materialized_view
def orders():
    return spark.read.table("raw_order").where("id > 0")
