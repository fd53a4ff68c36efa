"""Kafka end to end: a real broker, read by Python and SQL, as a stream and as a batch."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyspark.sql import functions as F

from millpond import codes
from millpond.location import Span
from millpond.sources.connectors import connect
from millpond.sources.inputs import LocalInputs
from millpond.sources.inputs.mappings import KafkaMapping

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


SINK = """
    from pyspark import pipelines as dp

    dp.create_sink(
        name="alerts",
        format="kafka",
        options={{
            "kafka.bootstrap.servers": "prod-broker:9093",
            "kafka.security.protocol": "SASL_SSL",
            "topic": "alerts",
        }},
    )

    @dp.table
    def orders():
        return spark.readStream.format("delta").load("{path}")

    @dp.append_flow(target="alerts", name="large")
    def large():
        orders = spark.readStream.table("orders")
        return orders.selectExpr("CAST(n AS STRING) AS key", "'l' AS value")

    @dp.append_flow(target="alerts", name="history", once=True)
    def history():
        return spark.sql("SELECT 'old' AS key, 'h' AS value")

    @dp.update_flow(target="alerts", name="counts")
    def counts():
        counted = spark.readStream.table("orders").groupBy().count()
        return counted.selectExpr("'count' AS key", "CAST(count AS STRING) AS value")
"""


def test_flows_write_to_a_topic_what_is_new(project, kafka_servers, spark):
    servers = LocalInputs(kafka_servers=(_mapping("prod-broker:9093", kafka_servers),))
    source = SINK.format(path=project.data("in", [(1,), (2,)], "n INT"))

    summary = project.run(source, inputs=servers)
    assert summary.errors == ()
    assert _records(spark, kafka_servers) == [
        ("1", "l"),
        ("2", "l"),
        ("count", "2"),
        ("old", "h"),
    ]
    assert {each.feature for each in summary.differences} >= {
        "kafka.security, kafka.sasl and kafka.ssl options"
    }
    project.data("in", [(3,)], "n INT")
    assert project.run(source, inputs=servers).errors == ()
    assert _records(spark, kafka_servers) == [
        ("1", "l"),
        ("2", "l"),
        ("3", "l"),
        ("count", "2"),
        ("count", "3"),
        ("old", "h"),
    ]


def _mapping(written, servers):
    return KafkaMapping(written, servers, Span(Path("millpond.yml"), 1))


def _records(spark, servers):
    reader = spark.read.format("kafka").option("kafka.bootstrap.servers", servers)
    frame = reader.option("subscribe", "alerts").load()
    rows = frame.selectExpr("CAST(key AS STRING)", "CAST(value AS STRING)").collect()
    return sorted(map(tuple, rows))


def test_what_a_kafka_sink_cannot_write_stops_the_run_before_data_moves(project):
    path = project.data("in", [(1,)], "n INT")
    head = """
        from pyspark import pipelines as dp
        dp.create_sink("out", "kafka", {"kafka.bootstrap.servers": "%s"%s})

        @dp.append_flow(target="out")
        def f():
            return spark.readStream.format("delta").load("%s")
    """
    (error,) = project.run(head % ("far:9092", "", path)).errors
    assert (error.code, error.at.line) == (codes.KAFKA_NOT_MAPPED.name, 2)
    (error,) = project.run(head % ("localhost:9092", "", path)).errors
    assert (error.code, error.at.line) == (codes.KAFKA_SINK_COLUMNS.name, 4)


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
