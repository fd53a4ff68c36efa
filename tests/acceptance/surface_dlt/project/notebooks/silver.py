# Databricks notebook source
import dlt
from pyspark.sql import functions as F
from pyspark.sql.window import Window

spark = SparkSession.getActiveSession() if "SparkSession" in globals() else spark
dlt.create_target_table(name="silver_events", comment="of both kinds")
dlt.create_streaming_live_table("silver_other", schema="id: bigint, kind: string")

for kind in ["orders", "customers"]:

    @dlt.append_flow(target="silver_events", name=f"events_{kind}")
    def events(kind=kind):
        return dlt.read_stream(f"bronze_{kind}").select(F.col("id").cast("bigint"), F.lit(kind).alias("kind"))


@dlt.append_flow(target="silver_other")
def other():
    return dlt.readStream("LIVE.silver_events").where("kind = 'orders'")


@dlt.create_view
def ranked():
    w = Window.partitionBy("kind").orderBy(F.desc("id"))
    return dlt.read("silver_events").withColumn("rank", F.row_number().over(w))


@dlt.table(comment=None, spark_conf=None, table_properties=None, path=None, partition_cols=None, schema=None)
@dlt.expect_all({"known": "kind IN ('orders', 'customers')"})
@dlt.expect_all_or_fail({"one": "rank = 1"})
def gold_newest():
    return dlt.read("ranked").filter(F.col("rank") == 1).select("kind", "id", "rank")

# COMMAND ----------

# MAGIC %sql
# MAGIC CREATE OR REFRESH MATERIALIZED VIEW gold_files AS
# MAGIC SELECT 'orders' AS kind, sum(files) AS files FROM latest_orders
# MAGIC UNION ALL SELECT 'customers', sum(files) FROM LIVE.latest_customers
