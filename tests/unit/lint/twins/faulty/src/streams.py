"""State that grows without end, and sources that lose rows."""

from pyspark import pipelines as dp
from pyspark.sql import functions as F

landing = spark.conf.get("landing")
HAS_ID = {"has_id": "id IS NOT NULL"}


@dp.table
@dp.expect_all(HAS_ID)
def unchosen():
    return spark.readStream.format("kafka").option("kafka.bootstrap.servers", "k:9092").load()  # !! SR-03


@dp.table  # !! ST-02
def parsed():
    raw = spark.readStream.table("raw.orders")
    return raw.select(F.from_json("value", "id INT").alias("order"))  # !! SR-04


def files():
    return spark.readStream.format("cloudFiles").option("cloudFiles.format", "parquet")


@dp.table
@dp.expect_all(HAS_ID)
def evolving():
    reader = spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
    reader = reader.schema("id INT").option("cloudFiles.schemaEvolutionMode", "none")  # !! SR-05
    reader = reader.option("cloudFiles.schemaLocation", landing + "/_schemas")  # !! SR-06
    reader = reader.option("inferSchema", "true")  # !! SR-08
    return reader.option("cloudFiles.maxFilePerTrigger", 10).load(landing)  # !! SR-09


@dp.table
@dp.expect_all(HAS_ID)
def first_orders():
    orders = spark.readStream.table("raw.orders").withWatermark("at", "1 day")
    return orders.dropDuplicates(["id"])  # !! SS-05


@dp.table
@dp.expect_all(HAS_ID)
def paid_orders():
    orders = spark.readStream.table("raw.orders").alias("o")
    paid = spark.readStream.table("raw.payments").withWatermark("paid_at", "1 hour").alias("p")
    near = F.expr("o.id = p.id AND paid_at BETWEEN at AND at + INTERVAL 1 HOUR")
    return orders.join(paid, near)  # !! SS-07


@dp.table
@dp.expect_all(HAS_ID)
def matched_orders():
    orders = spark.readStream.table("raw.orders").withWatermark("at", "1 hour")
    paid = spark.readStream.table("raw.payments").withWatermark("paid_at", "1 hour")
    return orders.join(paid, "id")  # !! SS-08


@dp.table
@dp.expect_all(HAS_ID)
def sorted_stream():
    return spark.readStream.table("raw.orders").orderBy("at")  # !! SS-10


@dp.table
@dp.expect_all(HAS_ID)
def arrivals():
    orders = spark.readStream.table("raw.orders").withColumn("at", F.current_timestamp())
    return orders.withWatermark("at", "10 minutes")  # !! SS-12


@dp.table
@dp.expect("has_n", "n > 0")
def customers_seen():
    orders = spark.readStream.table("raw.orders").withWatermark("at", "10 minutes")
    sales = orders.groupBy(F.window("at", "5 minutes"))
    return sales.agg(F.countDistinct("customer_id").alias("n"))  # !! SS-13


@dp.table
@dp.expect("has_n", "count > 0")
def sales_by_shop():
    orders = spark.readStream.table("raw.orders").withWatermark("at", "10 minutes")
    return orders.groupBy("shop").count()  # !! SS-14


@dp.table
@dp.expect_all(HAS_ID)
def multiplied():
    return spark.readStream.table("raw.orders").crossJoin(spark.read.table("raw.rates"))  # !! SS-15
