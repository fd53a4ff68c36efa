"""Changes that are kept as history, with what goes wrong there."""

from pyspark import pipelines as dp
from pyspark.sql import functions as F

dp.create_streaming_table("truncated", expect_all={"has_id": "id IS NOT NULL"})
dp.create_auto_cdc_flow(
    target="truncated",
    source="raw.changes",
    keys=["id"],
    sequence_by="changed_at",
    apply_as_truncates=F.expr("operation = 'TRUNCATE'"),  # !! CD-05
    stored_as_scd_type=2,
)

dp.create_streaming_table(  # !! CD-09
    "typed", schema="id INT, name STRING", expect_all={"has_id": "id IS NOT NULL"}
)
dp.create_auto_cdc_flow(
    target="typed", source="raw.changes", keys=["id"], sequence_by="at", stored_as_scd_type=2
)

dp.create_streaming_table("products", expect_all={"has_id": "id IS NOT NULL"})  # !! CD-12
dp.create_auto_cdc_from_snapshot_flow(
    target="products", source="raw.products", keys=["id"], stored_as_scd_type=2
)
