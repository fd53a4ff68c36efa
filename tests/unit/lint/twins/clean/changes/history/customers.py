"""Changes that are kept as history."""

from pyspark import pipelines as dp

HAS_ID = {"has_id": "id IS NOT NULL"}

dp.create_streaming_table(
    "typed",
    schema="id INT, name STRING, __START_AT TIMESTAMP, __END_AT TIMESTAMP",
    expect_all=HAS_ID,
)
dp.create_auto_cdc_flow(
    target="typed", source="raw.changes", keys=["id"], sequence_by="at", stored_as_scd_type=2
)


@dp.temporary_view
@dp.expect_all(HAS_ID)
def checked_products():
    return spark.read.table("raw.products")


dp.create_streaming_table("products")
dp.create_auto_cdc_from_snapshot_flow(
    target="products", source="checked_products", keys=["id"], stored_as_scd_type=2
)
