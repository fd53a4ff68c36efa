"""Changes of which the newest is kept, with what goes wrong there."""

from pyspark import pipelines as dp
from pyspark.sql import functions as F


@dp.materialized_view
def prices():
    return spark.read.table("raw.prices")


@dp.table
@dp.expect("has_id", "id IS NOT NULL")
def price_changes():
    return spark.readStream.option("readChangeFeed", "true").table("prices")  # !! CD-13


dp.create_streaming_table("deleted", expect_all={"has_id": "id IS NOT NULL"})
dp.create_auto_cdc_flow(
    target="deleted",
    source="raw.customers",
    keys=["id"],
    sequence_by="changed_at",
    apply_as_deletes=F.expr("_change_type = 'delete'"),  # !! CD-04
    except_column_list=["_change_type"],
)

dp.create_streaming_table("tracked", expect_all={"has_id": "id IS NOT NULL"})
dp.create_auto_cdc_flow(
    target="tracked",
    source="raw.changes",
    keys=["id"],
    sequence_by="changed_at",
    track_history_except_column_list=["synced_at"],  # !! CD-06
)

dp.create_streaming_table("listed", expect_all={"has_id": "id IS NOT NULL"})
dp.create_auto_cdc_flow(
    target="listed",
    source="raw.changes",
    keys=["id"],
    sequence_by="changed_at",
    column_list=["id", "name"],
    except_column_list=["operation"],  # !! CD-07
)

dp.create_streaming_table("qualified", expect_all={"has_id": "id IS NOT NULL"})
dp.create_auto_cdc_flow(
    target="qualified",
    source="raw.changes",
    keys=["changes.id"],  # !! CD-10
    sequence_by="changed_at",
)
