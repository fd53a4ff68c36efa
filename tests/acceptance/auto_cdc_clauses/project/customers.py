from pyspark import pipelines as dp
from pyspark.sql.functions import col, expr


@dp.temporary_view
def changes():
    return spark.readStream.format("rate").load().selectExpr(
        "value AS id", "map('a', value) AS tags", "timestamp", "'x' AS operation"
    )


dp.create_streaming_table("unknown_key")
dp.create_auto_cdc_flow(
    target="unknown_key",
    source="changes",
    keys=["customer_id"],
    sequence_by="timestamp",
)

dp.create_streaming_table("key_left_out")
dp.create_auto_cdc_flow(
    target="key_left_out",
    source="changes",
    keys=["id"],
    sequence_by="timestamp",
    except_column_list=["id"],
)

dp.create_streaming_table("no_order")
dp.create_auto_cdc_flow(
    target="no_order",
    source="changes",
    keys=["id"],
    sequence_by=col("tags"),
)

dp.create_streaming_table("no_condition")
dp.create_auto_cdc_flow(
    target="no_condition",
    source="changes",
    keys=["id"],
    sequence_by="timestamp",
    apply_as_deletes=expr("operation"),
)

dp.create_streaming_table("misspelt")
dp.create_auto_cdc_flow(
    target="misspelt",
    source="changes",
    keys=["id"],
    sequence_by="timestamp",
    apply_as_deletes=expr("operations = 'DELETE'"),
)
