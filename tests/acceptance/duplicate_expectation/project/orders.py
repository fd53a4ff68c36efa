import dlt


@dlt.table
@dlt.expect("valid", "order_id IS NOT NULL")
@dlt.expect_or_drop("valid", "amount > 0")
def orders():
    return spark.sql("SELECT 1 AS order_id, 12.5 AS amount")
