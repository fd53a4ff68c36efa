"""State that ends, and sources that lose nothing."""

from pyspark import pipelines as dp
from pyspark.sql import functions as F

landing = spark.conf.get("landing")
HAS_ID = {"has_id": "id IS NOT NULL"}


@dp.table(table_properties={"pipelines.reset.allowed": "false"})
@dp.expect("has_value", "value IS NOT NULL")
def chosen():
    reader = spark.readStream.format("kafka").option("kafka.bootstrap.servers", "k:9092")
    return reader.option("subscribe", "orders").load()


@dp.table
@dp.expect("parsed", "order IS NOT NULL")
def parsed():
    raw = spark.readStream.table("raw.orders")
    return raw.select(F.from_json("value", "id INT").alias("order"), "value")


@dp.table
@dp.expect_all(HAS_ID)
def evolving():
    reader = spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
    reader = reader.option("cloudFiles.schemaHints", "id INT")
    reader = reader.option("cloudFiles.inferColumnTypes", "true")
    return reader.option("cloudFiles.maxFilesPerTrigger", 10).load(landing)


@dp.table
@dp.expect_all(HAS_ID)
def first_orders():
    orders = spark.readStream.table("raw.orders").withWatermark("at", "1 day")
    return orders.dropDuplicates(["id", "at"])


@dp.table
@dp.expect_all(HAS_ID)
def paid_orders():
    orders = spark.readStream.table("raw.orders").withWatermark("at", "1 hour").alias("o")
    paid = spark.readStream.table("raw.payments").withWatermark("paid_at", "1 hour").alias("p")
    near = F.expr("o.id = p.id AND paid_at BETWEEN at AND at + INTERVAL 1 HOUR")
    return orders.join(paid, near)


@dp.materialized_view
def newest_arrivals():
    return spark.read.table("arrivals").groupBy("shop").agg(F.max("at").alias("at"))


@dp.table
@dp.expect_all(HAS_ID)
def arrivals():
    return spark.readStream.table("raw.orders").withWatermark("at", "10 minutes")


@dp.table
@dp.expect("has_n", "n > 0")
def customers_seen():
    orders = spark.readStream.table("raw.orders").withWatermark("at", "10 minutes")
    sales = orders.groupBy(F.window("at", "5 minutes"))
    return sales.agg(F.approx_count_distinct("customer_id").alias("n"))


@dp.table
@dp.expect_all(HAS_ID)
def multiplied():
    rates = spark.read.table("raw.rates")
    return spark.readStream.table("raw.orders").join(rates, "currency")
