"""Orders as they arrived."""

from pyspark import pipelines as dp


@dp.table(comment="Orders as they arrived in the landing volume")
@dp.expect("has_id", "id IS NOT NULL")
def bronze_orders():
    landing = spark.conf.get("landing")
    return (
        spark.readStream.format("cloudFiles")
        .option("cloudFiles.format", "json")
        .option("cloudFiles.inferColumnTypes", "true")
        .option("cloudFiles.schemaHints", "id BIGINT, amount DOUBLE, ordered_at TIMESTAMP")
        .load(f"{landing}/orders")
    )
