# Databricks notebook source
# MAGIC %md
# MAGIC # Orders

# COMMAND ----------

# MAGIC %run ./setup

# COMMAND ----------

import dlt

display(spark.range(1))

# COMMAND ----------

@dlt.table(comment="orders as they arrived")
@dlt.expect_or_drop("has_amount", "amount IS NOT NULL")
def orders():
    return (
        spark.readStream.format("cloudFiles")
        .option("cloudFiles.format", "json")
        .option("cloudFiles.inferColumnTypes", "true")
        .load(f"{landing}/orders")
        .withColumn("country", lit(dbutils.widgets.get("country")))
        .withColumn("source_file", col("_metadata.file_path"))
    )

# COMMAND ----------

# MAGIC %sql
# MAGIC CREATE MATERIALIZED VIEW by_file AS
# MAGIC SELECT source_file, count(*) AS orders FROM LIVE.orders GROUP BY ALL
