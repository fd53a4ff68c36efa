import dlt


@dlt.table
@dlt.expect("has_amount", "amount")
def orders():
    return spark.sql("SELECT 1 AS order_id, 12.5 AS amount")
