"""Spellings of former years."""

import dlt  # !! DP-01
from pyspark import pipelines as dp
from pyspark.sql.functions import *  # !! PY-10

widest = max([1, 2, 3])


@dlt.table
def sales():
    return dlt.read("checked").groupBy("shop").count()  # !! DP-02


dp.create_target_table("orders", expect_all={"has_id": "id IS NOT NULL"})  # !! DP-03


@dp.append_flow(target="orders")
def fill():
    return spark.readStream.table("raw.orders")


@dp.view  # !! DP-05
def checked():
    return spark.read.table("raw.orders")


@dp.materialized_view(temporary=True)  # !! DP-06
def kept():
    return spark.read.table("raw.orders").groupBy("shop").count()


@dp.materialized_view(path="/Volumes/main/sales/orders")  # !! DP-07
def stored():
    return spark.read.table("raw.orders").groupBy("shop").count()


def counted(frame, update, schema):
    groups = frame.groupBy("user")
    return groups.applyInPandasWithState(update, schema, schema, "append", "NoTimeout")  # !! DP-08


dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
dp.apply_changes(target="customers", source="raw.c", keys=["id"], sequence_by="at")  # !! DP-04
