from pyspark import pipelines as dp

password = dbutils.secrets.get(scope="kafka", key="pasword")


@dp.table
def events():
    return (
        spark.readStream.format("kafka")
        .option("kafka.bootstrap.servers", "broker.example.com:9093")
        .option("kafka.sasl.jaas.config", f"… password='{password}';")
        .option("subscribe", "events")
        .load()
    )
