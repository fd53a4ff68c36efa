import dlt


@dlt.table
@dlt.expect("has_id", "order_id IS NOT NULL")
@dlt.expect_or_drop("positive_amount", "amuont > 0")
def orders():
    return spark.sql("SELECT 1 AS order_id, 12.5 AS amount")
