from pyspark import pipelines as dp

from shop.prices import rounded


@dp.materialized_view
def orders():
    return rounded(spark.range(3))
