# Databricks notebook source
# MAGIC %md Shared by all notebooks.

# COMMAND ----------

from pyspark.sql.functions import *

dbutils.widgets.text("country", "DE")
landing = "/Volumes/shop/raw/landing"
