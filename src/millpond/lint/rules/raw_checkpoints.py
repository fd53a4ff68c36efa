"""Rules about checkpoints and sinks of raw streams."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from millpond.lint.finding import Finding, Severity
from millpond.lint.frame import Frame
from millpond.lint.python_source import PythonSource, keyword
from millpond.lint.raw_streams import batch_functions
from millpond.lint.rule import Category, Rule


class SharedCheckpoint(Rule):
    """Each query has a checkpoint of its own.

    Two queries in one checkpoint overwrite each other's offsets: rows are lost.

    **Anti-pattern**

    ```python
    # millpond: ignore-file[ST-01] approved by the data platform: write to Kafka
    a = spark.readStream.table("a").writeStream.option("checkpointLocation", "/Volumes/m/o/cp")
    b = spark.readStream.table("b").writeStream.option("checkpointLocation", "/Volumes/m/o/cp")
    a.format("kafka").start()
    b.format("kafka").start()
    ```

    **Best practice**

    ```python
    # millpond: ignore-file[ST-01] approved by the data platform: write to Kafka
    a = spark.readStream.table("a").writeStream.option("checkpointLocation", "/Volumes/m/o/cp/a")
    b = spark.readStream.table("b").writeStream.option("checkpointLocation", "/Volumes/m/o/cp/b")
    a.format("kafka").start()
    b.format("kafka").start()
    ```
    """

    code = "RS-01"
    severity = Severity.CRITICAL
    category = Category.RAW_STREAMS
    hint = "Give each query a folder named after it."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """The second query of a file with the same location."""
        seen: dict[str, int] = {}
        for stream in source.streams:
            place = stream.options.get("checkpointlocation")
            text = source.text(place)
            if place is None or text is None:
                continue
            line = source.span(place).line
            if text in seen:
                yield self.found(
                    source.span(place), f"the query of line {seen[text]} has this checkpoint too"
                )
            seen.setdefault(text, line)


class TemporaryCheckpoint(Rule):
    """A checkpoint is on durable storage.

    What is in `/tmp`, on a driver's disk or in `/FileStore` is deleted or seen by everybody; a lost
    checkpoint makes the query start anew.

    **Anti-pattern**

    ```python
    orders = spark.readStream.table("orders").writeStream.format("kafka")
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    orders.option("checkpointLocation", "/tmp/checkpoints/orders").start()
    ```

    **Best practice**

    ```python
    orders = spark.readStream.table("orders").writeStream.format("kafka")
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    orders.option("checkpointLocation", "/Volumes/main/ops/checkpoints/orders").start()
    ```
    """

    code = "RS-02"
    severity = Severity.CRITICAL
    category = Category.RAW_STREAMS
    hint = "Use a folder of a volume: /Volumes/<catalog>/<schema>/<volume>/checkpoints/<query>."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Locations of known temporary or shared places."""
        for stream in source.streams:
            place = stream.options.get("checkpointlocation")
            text = source.text(place) or _start_of_text(place)
            if place is not None and text is not None and _TEMPORARY.match(text):
                yield self.found(source.span(place), "this checkpoint is in a temporary place")


_TEMPORARY = re.compile(
    r"(?:dbfs:)?/{0,2}(?:dbfs/)?(?:tmp|temp|local_disk0|FileStore|databricks/driver)\b|file:|\./",
    re.IGNORECASE,
)


def _start_of_text(node: ast.expr | None) -> str | None:
    """The text that a string or f-string starts with."""
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0] if isinstance(node.values[0], ast.Constant) else None
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


class NoQueryName(Rule):
    """A raw stream has a name.

    Metrics, the Spark UI and alerts show the query by its name, without one by a random id.

    **Anti-pattern**

    ```python
    orders = spark.readStream.table("orders").writeStream.format("kafka")
    orders = orders.option("checkpointLocation", "/Volumes/main/ops/checkpoints/orders")
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    orders.trigger(processingTime="10 seconds").start()
    ```

    **Best practice**

    ```python
    orders = spark.readStream.table("orders").writeStream.format("kafka").queryName("orders")
    orders = orders.option("checkpointLocation", "/Volumes/main/ops/checkpoints/orders")
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    orders.trigger(processingTime="10 seconds").start()
    ```
    """

    code = "RS-07"
    severity = Severity.ADVICE
    category = Category.RAW_STREAMS
    hint = 'Add .queryName("...").'

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Streams without `queryName`."""
        for stream in source.streams:
            named = "queryName" in stream.settings or keyword(stream.call, "queryName")
            if not named and "queryname" not in stream.options:
                yield self.found(source.method_span(stream.call), "this stream has no name")


class DebuggingSink(Rule):
    """A stream writes to a place that lasts.

    `console` and `memory` are for trying things: memory grows until the driver ends, and after a
    restart nothing is there.

    **Anti-pattern**

    ```python
    orders = spark.readStream.table("orders").writeStream.format("memory").queryName("orders")
    # millpond: ignore[ST-01] approved by the data platform: a trial
    orders.trigger(processingTime="10 seconds").start()
    ```

    **Best practice**

    ```python
    orders = spark.readStream.table("orders").writeStream.format("kafka").queryName("orders")
    orders = orders.option("checkpointLocation", "/Volumes/main/ops/checkpoints/orders")
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    orders.trigger(processingTime="10 seconds").start()
    ```
    """

    code = "RS-08"
    severity = Severity.REQUIRED
    category = Category.RAW_STREAMS
    hint = "Write to a table, to Kafka or through foreachBatch."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`format("console")` and `format("memory")` of a stream that is written."""
        for stream in source.streams:
            step = stream.settings.get("format")
            form = source.text(step.call.args[0]) if step and step.call.args else None
            if step is not None and form in ("console", "memory"):
                at = source.method_span(step.call)
                yield self.found(at, f"the sink {form} is for trying things")


class BatchReadTwice(Rule):
    """A batch that is used more than once is cached.

    Each write and action in `foreachBatch` reads the batch from its source again: twice the cost,
    and other rows if the source changed.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.foreach_batch_sink(name="orders")
    def write(batch, batch_id):
        writer = batch.write.option("txnAppId", "orders").option("txnVersion", batch_id)
        writer.mode("append").saveAsTable("main.gold.orders")
        batch.where("amount > 1000").write.mode("overwrite").saveAsTable("main.gold.large")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.foreach_batch_sink(name="orders")
    def write(batch, batch_id):
        batch.persist()
        writer = batch.write.option("txnAppId", "orders").option("txnVersion", batch_id)
        writer.mode("append").saveAsTable("main.gold.orders")
        batch.where("amount > 1000").write.mode("overwrite").saveAsTable("main.gold.large")
        batch.unpersist()
    ```
    """

    code = "RS-09"
    severity = Severity.ADVICE
    category = Category.RAW_STREAMS
    hint = "Call batch.persist() first and batch.unpersist() at the end."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Batch functions with two or more ends of chains on their batch and no `persist`."""
        for function in batch_functions(source):
            if isinstance(function, ast.Lambda):
                continue
            used: dict[ast.AST, Frame] = {}
            for frame in source.frames.inside(function):
                last = frame.steps[-1] if frame.steps else None
                if last is not None and last.name in _ENDS:
                    used[last.node] = frame
            cached = any(f.has("persist", "cache") for f in source.frames.inside(function))
            from_batch = [f for f in used.values() if f.origin.parameter is not None]
            if len(from_batch) > 1 and not cached:
                at = source.method_span(from_batch[1].steps[-1].call)
                yield self.found(at, "the batch is read from its source again here")


_ENDS = frozenset(
    {"save", "saveAsTable", "insertInto", "count", "collect", "parquet", "json", "csv", "jdbc"}
    | {"toPandas", "execute"}
)
