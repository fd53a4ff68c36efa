# Databricks notebook source
# MAGIC %md ## Bronze tables, from a list

# COMMAND ----------

# MAGIC %pip install pyspark

# COMMAND ----------

# MAGIC %run ./shared

# COMMAND ----------

import dlt
from pyspark.sql.functions import *

dbutils.widgets.text("env", "dev")
env = dbutils.widgets.get("env")
base = spark.conf.get("landing_path")
tables = spark.read.json(base + "/tables.json").collect()

# COMMAND ----------

def make_bronze(name, fmt, key):
    @dlt.create_table(
        name=f"bronze_{name}",
        comment=f"Raw {name} ({env})",
        table_properties={"quality": "bronze"},
    )
    @dlt.expect_all_or_drop(rules_for(name))
    def bronze():
        reader = spark.readStream.format("cloudFiles").option("cloudFiles.format", fmt)
        if fmt == "json":
            reader = reader.option("cloudFiles.inferColumnTypes", True)
        return (
            reader.option("cloudFiles.schemaLocation", f"{base}/_schemas/{name}")
            .load(f"{base}/{name}")
            .withColumn("source_file", col("_metadata.file_name"))
        )

    @dlt.view(name=f"latest_{name}")
    def latest():
        return dlt.read(f"bronze_{name}").groupBy(key).agg(countDistinct("source_file").alias("files"))


for row in tables:
    make_bronze(row["name"], row["format"], row["key"])

# COMMAND ----------

display(tables)
