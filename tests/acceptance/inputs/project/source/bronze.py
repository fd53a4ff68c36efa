import dlt

user = dbutils.secrets.get("kv", "user")
password = dbutils.secrets.get(scope="kv", key="password")


@dlt.table
def events():
    return (
        spark.readStream.format("kafka")
        .option("kafka.bootstrap.servers", "shop.servicebus.windows.net:9093")
        .option("subscribe", "events")
        .load()
    )


@dlt.table
def files():
    return spark.readStream.format("cloudFiles").load("/Volumes/main/raw/trips")


@dlt.table
def old_files():
    return spark.read.json("dbfs:/mnt/old/*.json")


@dlt.table
def trips():
    return spark.read.table("samples.nyctaxi.trips")
