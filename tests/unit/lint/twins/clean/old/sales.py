"""The spellings of today."""

from pyspark import pipelines as dp
from pyspark.sql import functions as F

widest = max([1, 2, 3])


@dp.materialized_view
def sales():
    return spark.read.table("checked").groupBy("shop").agg(F.count("*").alias("n"))


dp.create_streaming_table("orders", expect_all={"has_id": "id IS NOT NULL"})


@dp.append_flow(target="orders")
def fill():
    return spark.readStream.table("raw.orders")


@dp.temporary_view
def checked():
    return spark.read.table("raw.orders")


@dp.materialized_view(private=True)
def kept():
    return spark.read.table("raw.orders").groupBy("shop").count()


def counted(frame, processor, schema):
    groups = frame.groupBy("user")
    return groups.transformWithStateInPandas(processor, schema, "Append", "None")


dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
dp.create_auto_cdc_flow(target="customers", source="raw.c", keys=["id"], sequence_by="at")
