"""Rules about watermarks before aggregations of streams."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from millpond.lint.finding import Finding, Severity
from millpond.lint.python_source import PythonSource, argument
from millpond.lint.rule import Category, Rule
from millpond.lint.sql_source import SqlSource
from millpond.lint.streams import grouped_by_time, once, watermarked

_GROUPS = ("groupBy", "groupby", "rollup", "cube")


_OWN_STATE = frozenset(
    {"applyInPandasWithState", "transformWithState", "transformWithStateInPandas"}
)
"""What keeps a state of its own may time it out without a watermark."""


class AggregateWithoutWatermark(Rule):
    """An aggregation of a stream has a watermark.

    Without one Spark keeps every group for ever, and in append mode, which is that of a streaming
    table, it refuses the query or gives no row.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp
    from pyspark.sql import functions as F


    @dp.table
    @dp.expect("has_id", "id IS NOT NULL")
    def sales():
        orders = spark.readStream.table("orders")
        return orders.groupBy(F.window("at", "5 minutes")).count()
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp
    from pyspark.sql import functions as F


    @dp.table
    @dp.expect("has_id", "id IS NOT NULL")
    def sales():
        orders = spark.readStream.table("orders").withWatermark("at", "10 minutes")
        return orders.groupBy(F.window("at", "5 minutes")).count()
    ```
    """

    code = "SS-01"
    severity = Severity.CRITICAL
    category = Category.STATE
    hint = 'Call .withWatermark("<event time>", "10 minutes") before groupBy.'

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`groupBy` on a stream that has no watermark before it."""
        for frame, index in once(source, *_GROUPS):
            own = any(step.name in _OWN_STATE for step in frame.steps[index:])
            if frame.streaming and not own and not watermarked(source, frame, index):
                at = source.method_span(frame.steps[index].call)
                yield self.found(at, "this aggregation of a stream has no watermark before it")


class AggregateWithoutWatermarkInSql(Rule):
    """An aggregation of a stream in SQL has a watermark.

    `GROUP BY` over `STREAM` keeps every group for ever unless `WATERMARK` says how late rows may
    come.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE sales (CONSTRAINT has_id EXPECT (id IS NOT NULL)) AS
    SELECT window.start, count(*) AS n FROM STREAM orders GROUP BY window(at, '5 minutes');
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE sales (CONSTRAINT has_id EXPECT (id IS NOT NULL)) AS
    SELECT window.start, count(*) AS n
    FROM STREAM orders WATERMARK at DELAY OF INTERVAL 10 MINUTES
    GROUP BY window(at, '5 minutes');
    ```
    """

    code = "SS-02"
    severity = Severity.CRITICAL
    category = Category.STATE
    hint = "Write FROM STREAM t WATERMARK at DELAY OF INTERVAL 10 MINUTES."

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """GROUP BY at the top of a query that streams and has no WATERMARK."""
        for statement in source.statements:
            query = statement.query
            if query is None or not query.streams or query.has("WATERMARK"):
                continue
            if source.watermarks_in(query):
                continue
            tokens = query.tokens
            for index, token in query.depth_zero():
                following = tokens[index + 1].upper if index + 1 < len(tokens) else ""
                if token.upper == "GROUP" and following == "BY":
                    at = query.span(token, tokens[index + 1])
                    yield self.found(at, "this aggregation of a stream has no watermark")


class WatermarkAfterAggregate(Rule):
    """The watermark comes before what it is for.

    `withWatermark` after `groupBy` bounds nothing: the aggregation above it has no watermark.

    **Anti-pattern**

    ```python
    from pyspark.sql import functions as F

    orders = spark.readStream.table("orders")
    counted = orders.groupBy("at").count().withWatermark("at", "10 minutes")
    ```

    **Best practice**

    ```python
    from pyspark.sql import functions as F

    orders = spark.readStream.table("orders")
    counted = orders.withWatermark("at", "10 minutes").groupBy("at").count()
    ```
    """

    code = "SS-03"
    severity = Severity.CRITICAL
    category = Category.STATE
    hint = "Move withWatermark in front of groupBy, dropDuplicates or join."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`withWatermark` behind a stateful step of the same chain that had none."""
        for frame, index in once(source, "withWatermark"):
            before = frame.steps[:index]
            late = any(step.name in (*_GROUPS, "dropDuplicates", "distinct") for step in before)
            first = not any(step.name == "withWatermark" for step in before)
            if late and first and frame.streaming is not False:
                at = source.method_span(frame.steps[index].call)
                yield self.found(at, "this watermark comes after the aggregation it should bound")


class ProcessingTimeAsEventTime(Rule):
    """A watermark is on the time of the event.

    The time of processing is never late: the watermark bounds nothing that matters, and a replay
    gives other windows.

    **Anti-pattern**

    ```python
    from pyspark.sql import functions as F

    orders = spark.readStream.table("orders").withColumn("at", F.current_timestamp())
    orders = orders.withWatermark("at", "10 minutes")
    ```

    **Best practice**

    ```python
    from pyspark.sql import functions as F

    orders = spark.readStream.table("orders").withWatermark("ordered_at", "10 minutes")
    ```
    """

    code = "SS-12"
    severity = Severity.REQUIRED
    category = Category.STATE
    hint = "Use a time that the source put into the row."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Watermarks on a column that the same chain fills with the current time."""
        for frame, index in once(source, "withWatermark"):
            step = frame.steps[index]
            time = source.text(argument(step.call, 0, "eventTime"))
            for before in frame.steps[:index]:
                made = before.name == "withColumn" and len(before.call.args) == 2
                if not made or source.text(before.call.args[0]) != time:
                    continue
                if source.column_function(before.call.args[1]) == "current_timestamp":
                    at = source.method_span(step.call)
                    yield self.found(at, f"{time} is the time of processing")


class DistinctCountOnStream(Rule):
    """A stream counts distinct values approximately.

    `countDistinct` is refused on a stream; `approx_count_distinct` is not, and its state is small.

    **Anti-pattern**

    ```python
    from pyspark.sql import functions as F

    orders = spark.readStream.table("orders").withWatermark("at", "10 minutes")
    sales = orders.groupBy(F.window("at", "5 minutes")).agg(F.countDistinct("customer_id"))
    ```

    **Best practice**

    ```python
    from pyspark.sql import functions as F

    orders = spark.readStream.table("orders").withWatermark("at", "10 minutes")
    sales = orders.groupBy(F.window("at", "5 minutes")).agg(F.approx_count_distinct("customer_id"))
    ```
    """

    code = "SS-13"
    severity = Severity.CRITICAL
    category = Category.STATE
    hint = "Write approx_count_distinct."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`countDistinct` and `count_distinct` in the aggregation of a stream."""
        for frame, index in once(source, "agg"):
            for node in ast.walk(frame.steps[index].call) if frame.streaming else ():
                name = source.column_function(node)
                if name in ("countDistinct", "count_distinct", "sumDistinct", "sum_distinct"):
                    assert isinstance(node, ast.expr)
                    yield self.found(source.span(node), f"{name} does not work on a stream")


class WindowlessStreamAggregate(Rule):
    """A stream is aggregated by time.

    Groups by keys alone never close: in append mode they give no row, and their state grows with
    the keys. Totals by key are a materialized view.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.table
    @dp.expect("has_id", "id IS NOT NULL")
    def sales_by_shop():
        orders = spark.readStream.table("orders").withWatermark("at", "10 minutes")
        return orders.groupBy("shop").count()
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def sales_by_shop():
        return spark.read.table("orders").groupBy("shop").count()
    ```
    """

    code = "SS-14"
    severity = Severity.REQUIRED
    category = Category.STATE
    hint = "Group by window(...) too, or make it a materialized view."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`groupBy` of a stream with a watermark by columns without time, in dataset functions."""
        for frame, index in once(source, *_GROUPS):
            step = frame.steps[index]
            marks = [
                source.text(argument(s.call, 0, "eventTime"))
                for s in frame.steps[:index]
                if s.name == "withWatermark"
            ]
            if not frame.streaming or not marks or source.dataset_of(step.node) is None:
                continue
            if not grouped_by_time(source, step, marks):
                at = source.method_span(step.call)
                yield self.found(at, "the groups of this stream never close")
