"""The same as an approved exception, done right."""

from delta.tables import DeltaTable

CHECKPOINTS = "/Volumes/main/ops/checkpoints"


def write(batch, batch_id):
    target = DeltaTable.forName(batch.sparkSession, "totals")
    merge = target.alias("t").merge(batch.alias("b"), "t.id = b.id")
    merge.whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()


orders = spark.readStream.option("skipChangeCommits", "true").table("orders")
exported = orders.writeStream.foreachBatch(write).queryName("exported")
exported = exported.option("checkpointLocation", f"{CHECKPOINTS}/exported")
# millpond: ignore[ST-01] approved by the data platform team: the sink is not Delta
exported.trigger(processingTime="10 seconds").start()
