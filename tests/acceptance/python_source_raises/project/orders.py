from pyspark import pipelines as dp

region = spark.conf.get("shop.region")


@dp.materialized_view
def orders():
    return spark.range(3).where(f"region = '{region}'")
