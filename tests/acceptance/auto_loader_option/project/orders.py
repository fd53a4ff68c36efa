from pyspark import pipelines as dp


@dp.table
def orders():
    return (
        spark.readStream.format("cloudFiles")
        .option("cloudFiles.format", "json").option("cloudFiles.schemaHint", "order_id INT")
        .load("/Volumes/main/shop/landing")
    )
