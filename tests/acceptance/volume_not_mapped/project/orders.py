from pyspark import pipelines as dp


@dp.table
def orders():
    return (
        spark.readStream.format("cloudFiles")
        .option("cloudFiles.format", "json")
        .load("/Volumes/main/shop/landing/orders")
    )
