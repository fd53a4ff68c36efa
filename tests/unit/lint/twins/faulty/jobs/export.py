"""A raw stream in a job, with what goes wrong there."""

from pyspark.sql import functions as F


def write(batch, batch_id):
    batch.write.format("jdbc").mode("append").save()  # !! ST-06
    batch.where("n > 10").write.mode("overwrite").saveAsTable("large")  # !! RS-09


orders = spark.readStream.option("ignoreChanges", "true").table("orders")  # !! SR-11
late = orders.groupBy("at").count().withWatermark("at", "1 hour")  # !! SS-01 SS-03
stores = spark.read.format("parquet").load("/mnt/stores")  # !! HC-06

totals = orders.withWatermark("at", "1 hour").groupBy("at").count().writeStream
totals = totals.outputMode("complete").queryName("totals")  # !! RS-06
totals = totals.option("checkpointLocation", "/tmp/totals")  # !! RS-02
totals.trigger(once=True).toTable("totals")  # !! RS-04 ST-01

unnamed = orders.writeStream.format("memory")  # !! RS-08
unnamed.start()  # !! ST-01 RS-03 RS-07

exported = orders.writeStream.foreachBatch(write).queryName("exported")
# millpond: ignore[ST-01] because we need it  # !! LN-01
exported.trigger(continuous="1 second").start()  # !! RS-10 ST-01 ST-03

copied = orders.writeStream.format("kafka").queryName("copied").trigger(processingTime="0 seconds")  # !! RS-05
copied.option("checkpointLocation", "/tmp/totals").start()  # !! RS-01 RS-02 ST-01

for name in spark.table("rules").columns:
    stores = stores.withColumn(name, F.lit(None))  # !! PY-12
