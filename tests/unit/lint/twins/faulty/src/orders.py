"""One fault a line that is marked."""

from datetime import datetime

import dlt  # !! DP-01
from pyspark import pipelines as dp
from pyspark.sql import Window
from pyspark.sql import functions as F

landing = spark.conf.get("landing")
missing = spark.conf.get("landing_path")  # !! BU-21
api_token = "hunter2hunter2"  # !! HC-04
newest = Window.partitionBy("id").orderBy("at")


@dp.table
@dp.expect("has_id", "id IS NOT NULL")
def counted():
    frame = spark.readStream.table("raw.orders")
    print(frame.count())  # !! PY-01
    return frame


@dp.materialized_view
def copied():
    frame = spark.read.table("counted").groupBy("shop").count()
    frame.write.mode("overwrite").saveAsTable("backup")  # !! PY-02
    return frame


for region in ["eu", "us"]:

    @dp.materialized_view(name=f"orders_{region}")
    def orders_of_region():
        return spark.read.table("raw.orders").where(F.col("region") == region)  # !! PY-03


@dp.materialized_view
def cleaned():
    dbutils.fs.rm("old")  # !! PY-04
    return spark.read.table("raw.orders")


@dp.materialized_view
def nothing():  # !! PY-05
    spark.read.table("raw.orders")


@dp.materialized_view
def of_shop(shop):  # !! PY-06
    return spark.read.table("raw.orders").where(F.col("shop") == shop)


@dp.materialized_view
def large():
    return copied().where("n > 10")  # !! PY-07


calls = 0


@dp.materialized_view
def stateful():
    global calls  # !! PY-08
    return spark.read.table("raw.orders")


@F.udf("string")  # !! PY-09
def upper(text):
    return text.upper()


@dp.materialized_view
def by_year():
    return spark.read.table("raw.orders").groupBy("shop").pivot("year").sum("n")  # !! PY-11


@dp.materialized_view
def odd():
    frame = spark.read.table("raw.orders").where(F.col("id") != None)  # !! PY-16
    frame = frame.where(F.col("a") > 1 and F.col("b") > 1)  # !! PY-17
    frame = frame.withColumn("planned", F.lit(datetime.now()))  # !! PY-15
    return frame.cache()  # !! PY-14


@dp.materialized_view
def squeezed():
    return spark.read.table("raw.orders").coalesce(1)  # !! PY-18


@dp.materialized_view
def sorted_orders():
    return spark.read.table("raw.orders").orderBy("at")  # !! PY-19


@dp.materialized_view
def mapped():
    return spark.read.table("raw.orders").rdd.map(tuple).toDF(["id"])  # !! PY-13


@dp.table
@dp.expect("has_shop", "shop IS NOT NULL")
def sales():
    orders = spark.readStream.table("raw.orders")
    return orders.groupBy(F.window("at", "5 minutes"), "shop").count()  # !! SS-01


@dp.table
@dp.expect("has_id", "id IS NOT NULL")
def distinct_orders():
    return spark.readStream.table("raw.orders").dropDuplicates(["id"])  # !! SS-04


@dp.table
@dp.expect("has_id", "id IS NOT NULL")
def newest_orders():
    rows = spark.readStream.table("raw.orders")
    return rows.withColumn("n", F.row_number().over(newest))  # !! SS-11


@dp.table
@dp.expect("has_file", "file IS NOT NULL")
def files():
    reader = spark.readStream.format("json")
    return reader.load(landing).withColumn("file", F.input_file_name())  # !! SR-07 SR-10


@dp.table
@dp.expect_or_drop("has_id", "id IS NOT NULL")  # !! EX-01
@dp.expect("fine", "1 = 1")  # !! EX-03
@dp.expect("recent", "at < current_timestamp()")  # !! EX-04
@dp.expect("many", "count(*) > 0")  # !! EX-05
@dp.expect("same", "id is not null")  # !! EX-02
def checked():
    return spark.readStream.table("raw.orders")


dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
dp.create_auto_cdc_flow(target="customers", source="raw.changes", keys=["id"])  # !! CD-02


@dp.append_flow(target="customers")  # !! CD-01
@dp.expect("positive", "n > 0")  # !! EX-06
def more_customers():
    return spark.readStream.table("raw.customers")
