"""Changes of which the newest is kept."""

from pyspark import pipelines as dp
from pyspark.sql import functions as F

HAS_ID = {"has_id": "id IS NOT NULL"}


@dp.table(table_properties={"delta.enableChangeDataFeed": "true"})
@dp.expect_all(HAS_ID)
def prices():
    return spark.readStream.table("raw.prices")


@dp.table
@dp.expect_all(HAS_ID)
def price_changes():
    return spark.readStream.option("readChangeFeed", "true").table("prices")


@dp.temporary_view
def customer_changes():
    return spark.readStream.option("readChangeFeed", "true").table("raw.customers")


dp.create_streaming_table("deleted", expect_all=HAS_ID)
dp.create_auto_cdc_flow(
    target="deleted",
    source="customer_changes",
    keys=["id"],
    sequence_by="_commit_version",
    apply_as_deletes=F.expr("_change_type = 'delete'"),
    except_column_list=["_change_type", "_commit_version", "_commit_timestamp"],
)

dp.create_streaming_table("truncated", expect_all=HAS_ID)
dp.create_auto_cdc_flow(
    target="truncated",
    source="raw.changes",
    keys=["id"],
    sequence_by="changed_at",
    apply_as_truncates=F.expr("operation = 'TRUNCATE'"),
    except_column_list=["operation"],
)

dp.create_streaming_table("tracked", expect_all=HAS_ID)
dp.create_auto_cdc_flow(
    target="tracked",
    source="raw.changes",
    keys=["id"],
    sequence_by="changed_at",
    stored_as_scd_type=2,
    track_history_except_column_list=["synced_at"],
)
