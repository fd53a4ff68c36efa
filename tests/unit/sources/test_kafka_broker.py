"""Kafka end to end: a real broker, read by Python and SQL, as a stream and as a batch."""

from __future__ import annotations

import json

import pytest
from pyspark.sql import functions as F

from millpond import codes
from millpond.sources.connectors import connect

pytestmark = pytest.mark.spark


@pytest.fixture
def send(spark, kafka_servers):
    def write(topic, *records):
        connect(spark, "kafka", None)
        rows = [(str(index), json.dumps(record)) for index, record in enumerate(records)]
        frame = spark.createDataFrame(rows, "key STRING, value STRING")
        frame.withColumn("topic", F.lit(topic)).write.format("kafka").option(
            "kafka.bootstrap.servers", kafka_servers
        ).save()

    return write


def test_a_topic_is_read_once_and_only_once_by_python_and_sql(project, kafka_servers, send):
    send("orders", {"id": 1}, {"id": 2})
    source = {
        "bronze.py": f'''
            import dlt

            @dlt.table
            def bronze():
                return (
                    spark.readStream.format("kafka")
                    .option("kafka.bootstrap.servers", "{kafka_servers}")
                    .option("subscribe", "orders")
                    .option("startingOffsets", "earliest")
                    .load()
                )

            @dlt.table
            def counted():
                reader = spark.read.format("kafka").option("subscribe", "orders")
                reader = reader.option("kafka.bootstrap.servers", "{kafka_servers}")
                return reader.load().groupBy().count()
        ''',
        "silver.sql": f"""
            CREATE OR REFRESH STREAMING TABLE silver AS
            SELECT CAST(value AS STRING) AS value, topic, offset
            FROM STREAM read_kafka(
              bootstrapServers => '{kafka_servers}',
              subscribe => 'orders', startingOffsets => 'earliest'
            );
        """,
    }

    summary = project.run(source)
    assert summary.state == "COMPLETED", summary.errors
    assert project.rows("SELECT count FROM counted") == [(2,)]
    send("orders", {"id": 3})
    summary = project.run(source)
    assert summary.state == "COMPLETED", summary.errors

    wanted = [('{"id": 1}', "orders"), ('{"id": 2}', "orders"), ('{"id": 3}', "orders")]
    assert project.rows("SELECT value, topic FROM silver") == wanted
    assert project.rows("SELECT CAST(value AS STRING), topic FROM bronze") == wanted
    assert project.rows("SELECT count FROM counted") == [(3,)]


def test_a_format_that_only_databricks_has_is_refused_where_it_is_read(project):
    summary = project.run(
        """
        import dlt

        @dlt.table
        def bronze():
            return spark.readStream.format("kinesis").option("streamName", "s").load()
        """
    )

    assert summary.state == "FAILED"
    (error,) = summary.errors
    assert error.code == codes.FORMAT_ONLY_ON_DATABRICKS.name
