import dlt
from pyspark.sql import functions as F


@dlt.table(comment="Orders as they arrive.")
def raw_orders():
    return (
        spark.readStream.format("cloudFiles")
        .option("cloudFiles.format", "json")
        .option("cloudFiles.schemaHints", "order_id INT, amount DOUBLE")
        .load("/Volumes/main/shop/landing")
    )


@dlt.table
@dlt.expect("has_customer", "customer IS NOT NULL")
@dlt.expect_or_drop("positive_amount", "amount > 0")
def orders():
    return dlt.read_stream("raw_orders").drop("_rescued_data")
