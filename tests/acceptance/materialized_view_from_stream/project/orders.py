from pyspark import pipelines as dp


@dp.materialized_view
def orders():
    return (
        spark.readStream.format("cloudFiles")
        .option("cloudFiles.format", "json")
        .load("/Volumes/main/shop/landing")
    )
