"""Rules about triggers and output modes of raw streams."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from millpond.lint.finding import Finding, Severity
from millpond.lint.python_source import PythonSource, keyword
from millpond.lint.rule import Category, Rule, replacing


class NoTrigger(Rule):
    """A raw stream says how often it looks for data.

    Without a trigger it starts a batch as soon as the last one ends: thousands of tiny commits, and
    a bill for listing.

    **Anti-pattern**

    ```python
    orders = spark.readStream.table("orders").writeStream.format("kafka")
    orders = orders.option("checkpointLocation", "/Volumes/main/ops/checkpoints/orders")
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    orders.start()
    ```

    **Best practice**

    ```python
    orders = spark.readStream.table("orders").writeStream.format("kafka")
    orders = orders.option("checkpointLocation", "/Volumes/main/ops/checkpoints/orders")
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    orders.trigger(processingTime="10 seconds").start()
    ```
    """

    code = "RS-03"
    severity = Severity.REQUIRED
    category = Category.RAW_STREAMS
    hint = 'Add .trigger(processingTime="10 seconds"), or availableNow=True in a scheduled job.'

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Streams without `trigger`."""
        for stream in source.streams:
            if "trigger" not in stream.settings and not keyword(stream.call, "trigger"):
                yield self.found(source.method_span(stream.call), "this stream has no trigger")


class TriggerOnce(Rule):
    """A triggered stream uses availableNow.

    `trigger(once=True)` is deprecated: it reads everything in one batch, whatever the limits say.

    **Anti-pattern**

    ```python
    orders = spark.readStream.table("orders").writeStream.format("kafka").trigger(once=True)
    orders = orders.option("checkpointLocation", "/Volumes/main/ops/checkpoints/orders")
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    orders.start()
    ```

    **Best practice**

    ```python
    orders = spark.readStream.table("orders").writeStream.format("kafka").trigger(availableNow=True)
    orders = orders.option("checkpointLocation", "/Volumes/main/ops/checkpoints/orders")
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    orders.start()
    ```
    """

    code = "RS-04"
    severity = Severity.REQUIRED
    category = Category.RAW_STREAMS
    hint = "Write trigger(availableNow=True)."
    fixable = True

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`once=True` in a call of `trigger`."""
        for call in source.all(ast.Call):
            if not isinstance(call.func, ast.Attribute) or call.func.attr != "trigger":
                continue
            for each in call.keywords:
                if each.arg == "once" and source.constant(each.value) is True:
                    at = source.span(each)
                    fix = replacing(at, "availableNow=True", "Use availableNow")
                    yield self.found(at, "once reads everything in one batch", fix=fix)


class HastyTrigger(Rule):
    """A trigger leaves time for a batch.

    An interval below a second starts batches that mostly find nothing, each with its commit.

    **Anti-pattern**

    ```python
    orders = spark.readStream.table("orders").writeStream.format("kafka")
    orders = orders.option("checkpointLocation", "/Volumes/main/ops/checkpoints/orders")
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    orders.trigger(processingTime="100 milliseconds").start()
    ```

    **Best practice**

    ```python
    orders = spark.readStream.table("orders").writeStream.format("kafka")
    orders = orders.option("checkpointLocation", "/Volumes/main/ops/checkpoints/orders")
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    orders.trigger(processingTime="10 seconds").start()
    ```
    """

    code = "RS-05"
    severity = Severity.ADVICE
    category = Category.RAW_STREAMS
    hint = "Use seconds, or real-time mode where milliseconds matter."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Intervals of no time, or of milliseconds."""
        for call in source.all(ast.Call):
            if isinstance(call.func, ast.Attribute) and call.func.attr == "trigger":
                given = keyword(call, "processingTime")
                text = (source.text(given) or "").strip().casefold()
                if given is not None and (text.startswith("0 ") or "milli" in text or text == "0"):
                    yield self.found(source.span(given), "batches start almost without a pause")


class CompleteModeUnbounded(Rule):
    """Complete mode is for a few groups.

    It keeps every group for ever, whatever the watermark says, and writes all of them at each
    batch.

    **Anti-pattern**

    ```python
    orders = spark.readStream.table("orders").groupBy("customer_id").count().writeStream
    orders = orders.outputMode("complete").trigger(processingTime="1 minute")
    # millpond: ignore[ST-01,ST-03] approved by the data platform: legacy
    orders.toTable("totals")
    ```

    **Best practice**

    ```python
    orders = spark.readStream.table("orders").withWatermark("at", "10 minutes")
    orders = orders.groupBy("customer_id", "at").count().writeStream
    orders = orders.outputMode("append").trigger(processingTime="1 minute")
    # millpond: ignore[ST-01,ST-03] approved by the data platform: legacy
    orders.toTable("totals")
    ```
    """

    code = "RS-06"
    severity = Severity.REQUIRED
    category = Category.RAW_STREAMS
    hint = "Use append with a watermark, update into a MERGE, or a materialized view."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`outputMode("complete")`."""
        for stream in source.streams:
            step = stream.settings.get("outputMode")
            given = step.call.args[0] if step is not None and step.call.args else None
            given = given or keyword(stream.call, "outputMode")
            if given is not None and (source.text(given) or "").casefold() == "complete":
                yield self.found(source.span(given), "complete mode keeps every group for ever")


class ContinuousTrigger(Rule):
    """A stream runs in micro-batches.

    The continuous trigger is experimental: at least once only, and without aggregations. Real-time
    mode has taken its place.

    **Anti-pattern**

    ```python
    orders = spark.readStream.table("orders").writeStream.format("kafka").queryName("orders")
    orders = orders.option("checkpointLocation", "/Volumes/main/ops/checkpoints/orders")
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    orders.trigger(continuous="1 second").start()
    ```

    **Best practice**

    ```python
    orders = spark.readStream.table("orders").writeStream.format("kafka").queryName("orders")
    orders = orders.option("checkpointLocation", "/Volumes/main/ops/checkpoints/orders")
    # millpond: ignore[ST-01] approved by the data platform: writes to Kafka
    orders.trigger(processingTime="1 second").start()
    ```
    """

    code = "RS-10"
    severity = Severity.REQUIRED
    category = Category.RAW_STREAMS
    hint = "Write trigger(processingTime=...)."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`continuous=...` in a call of `trigger`."""
        for call in source.all(ast.Call):
            if isinstance(call.func, ast.Attribute) and call.func.attr == "trigger":
                for each in call.keywords:
                    if each.arg == "continuous":
                        message = "the continuous trigger writes rows more than once"
                        yield self.found(source.span(each), message)
