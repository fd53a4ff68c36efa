import dlt


@dlt.table
@dlt.expect_or_fail("has_customer", "customer IS NOT NULL")
def orders():
    return (
        spark.readStream.format("cloudFiles")
        .option("cloudFiles.format", "json")
        .option("cloudFiles.schemaHints", "order_id INT, amount DOUBLE")
        .load("/Volumes/main/shop/landing")
    )


@dlt.table
def revenue():
    return dlt.read("orders").groupBy("customer").agg({"amount": "sum"}).toDF("customer", "amount")


@dlt.table
def countries():
    return spark.sql("SELECT 'NL' AS country")
