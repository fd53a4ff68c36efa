"""Rules about reading Kafka."""

from __future__ import annotations

from collections.abc import Iterable

from millpond.lint.finding import Finding, Severity
from millpond.lint.pipeline import Pipeline
from millpond.lint.python_source import PythonSource
from millpond.lint.reads import arguments_of, kafka_reads, reads_of
from millpond.lint.rule import Category, Rule
from millpond.lint.sql_source import SqlSource


class LostDataAccepted(Rule):
    """A Kafka source fails when data is gone.

    `failOnDataLoss=false` goes on silently over offsets that the topic no longer has. Silence it
    with the reason if that is meant.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (CONSTRAINT has_value EXPECT (value IS NOT NULL))
    TBLPROPERTIES ('pipelines.reset.allowed' = 'false') AS
    SELECT value FROM STREAM read_kafka(
      bootstrapServers => 'kafka:9092', subscribe => 'orders', failOnDataLoss => false);
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (CONSTRAINT has_value EXPECT (value IS NOT NULL))
    TBLPROPERTIES ('pipelines.reset.allowed' = 'false') AS
    SELECT value FROM STREAM read_kafka(bootstrapServers => 'kafka:9092', subscribe => 'orders');
    ```
    """

    code = "SR-01"
    severity = Severity.REQUIRED
    category = Category.SOURCES
    hint = "Remove it, or say why: millpond: ignore[SR-01] <reason>."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """The option with a value that is false."""
        for origin in reads_of(source):
            value = origin.options.get("failondataloss")
            if value is not None and str(source.constant(value)).casefold() == "false":
                yield self.found(source.span(value), "offsets that are gone are skipped silently")

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """The argument with a value that is false."""
        for query, _, given in arguments_of(source):
            value = given.get("failondataloss")
            if value is not None and value.text.strip("'\"").casefold() == "false":
                message = "offsets that are gone are skipped silently"
                yield self.found(query.span(value), message)


class LatestOffsets(Rule):
    """A stream starts with the oldest message.

    With `startingOffsets=latest`, messages sent before the first batch are never read. Silence it
    with the reason if that is meant.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.table(table_properties={"pipelines.reset.allowed": "false"})
    @dp.expect("has_value", "value IS NOT NULL")
    def orders():
        orders = spark.readStream.format("kafka").option("subscribe", "orders")
        orders = orders.option("kafka.bootstrap.servers", "kafka:9092")
        return orders.option("startingOffsets", "latest").load()
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.table(table_properties={"pipelines.reset.allowed": "false"})
    @dp.expect("has_value", "value IS NOT NULL")
    def orders():
        orders = spark.readStream.format("kafka").option("subscribe", "orders")
        orders = orders.option("kafka.bootstrap.servers", "kafka:9092")
        return orders.option("startingOffsets", "earliest").load()
    ```
    """

    code = "SR-02"
    severity = Severity.REQUIRED
    category = Category.SOURCES
    hint = "Write earliest, or say why not: millpond: ignore[SR-02] <reason>."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """The option `latest` of a stream."""
        for origin in reads_of(source):
            value = origin.options.get("startingoffsets")
            if origin.streaming and value is not None and source.text(value) == "latest":
                yield self.found(source.span(value), "messages sent before the start are not read")

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """The argument `latest`."""
        for query, reference, given in arguments_of(source):
            value = given.get("startingoffsets")
            if reference.streaming and value is not None and value.value == "latest":
                message = "messages sent before the start are not read"
                yield self.found(query.span(value), message)


class KafkaTopicChoice(Rule):
    """A Kafka source has exactly one of subscribe, subscribePattern and assign.

    With none or two of them Spark refuses the source.

    **Anti-pattern**

    ```python
    orders = spark.readStream.format("kafka").option("kafka.bootstrap.servers", "kafka:9092").load()
    ```

    **Best practice**

    ```python
    orders = spark.readStream.format("kafka").option("kafka.bootstrap.servers", "kafka:9092")
    orders = orders.option("subscribe", "orders").load()
    ```
    """

    code = "SR-03"
    severity = Severity.CRITICAL
    category = Category.SOURCES
    hint = 'Set one: .option("subscribe", "<topic>").'

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Kafka sources whose options are all known."""
        for origin in kafka_reads(source):
            given = [k for k in ("subscribe", "subscribepattern", "assign") if k in origin.options]
            if len(given) != 1 and not origin.open_options:
                many = "several" if given else "none"
                at = source.span(origin.node)
                yield self.found(at, f"{many} of subscribe, subscribePattern and assign is set")


class UnprotectedKafkaTable(Rule):
    """A table filled from Kafka survives a full refresh.

    A topic keeps days, the table years. `pipelines.reset.allowed = false` keeps a full refresh from
    emptying it.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (CONSTRAINT has_value EXPECT (value IS NOT NULL)) AS
    SELECT value FROM STREAM read_kafka(bootstrapServers => 'kafka:9092', subscribe => 'orders');
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (CONSTRAINT has_value EXPECT (value IS NOT NULL))
    TBLPROPERTIES ('pipelines.reset.allowed' = 'false') AS
    SELECT value FROM STREAM read_kafka(bootstrapServers => 'kafka:9092', subscribe => 'orders');
    ```
    """

    code = "SR-12"
    severity = Severity.ADVICE
    category = Category.SOURCES
    hint = "Set the table property pipelines.reset.allowed = false."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Streaming tables that read a topic and lack the property."""
        for dataset in pipeline.datasets:
            topics = [r for r in dataset.reads if (r.path or "").startswith("kafka:")]
            known = dataset.is_streaming_table and dataset.properties_known
            allowed = dataset.properties.get("pipelines.reset.allowed", "true").casefold()
            if topics and known and allowed != "false":
                message = f"a full refresh of {dataset.short} loses what the topic no longer has"
                yield self.found(dataset.at, message)
