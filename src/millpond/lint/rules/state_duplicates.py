"""Rules about duplicates in streams."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from millpond.lint.finding import Finding, Severity
from millpond.lint.python_source import PythonSource, argument
from millpond.lint.rule import Category, Rule
from millpond.lint.sql_source import SqlSource
from millpond.lint.streams import once, watermarked


class DuplicatesWithoutWatermark(Rule):
    """Removing duplicates from a stream has a watermark.

    `dropDuplicates` keeps every key it ever saw. `dropDuplicatesWithinWatermark` keeps those of the
    watermark's delay.

    **Anti-pattern**

    ```python
    orders = spark.readStream.table("orders").dropDuplicates(["id"])
    ```

    **Best practice**

    ```python
    orders = spark.readStream.table("orders").withWatermark("at", "1 day")
    orders = orders.dropDuplicatesWithinWatermark(["id"])
    ```
    """

    code = "SS-04"
    severity = Severity.CRITICAL
    category = Category.STATE
    hint = 'Write .withWatermark("<event time>", "...").dropDuplicatesWithinWatermark([...]).'

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`dropDuplicates` and `distinct` on a stream that has no watermark."""
        for frame, index in once(source, "dropDuplicates", "drop_duplicates", "distinct"):
            if frame.streaming and not watermarked(source, frame, index):
                at = source.method_span(frame.steps[index].call)
                yield self.found(at, "the keys of all rows that ever came are kept")


class DuplicatesBeyondWatermark(Rule):
    """dropDuplicates on a stream names the watermark's column.

    The state of `dropDuplicates(["id"])` is freed by the watermark only if the event time is one of
    the columns; if duplicates may differ in it, `dropDuplicatesWithinWatermark` is meant.

    **Anti-pattern**

    ```python
    orders = spark.readStream.table("orders").withWatermark("at", "1 day").dropDuplicates(["id"])
    ```

    **Best practice**

    ```python
    orders = spark.readStream.table("orders").withWatermark("at", "1 day")
    orders = orders.dropDuplicatesWithinWatermark(["id"])
    ```
    """

    code = "SS-05"
    severity = Severity.REQUIRED
    category = Category.STATE
    hint = "Write dropDuplicatesWithinWatermark, or add the event time to the columns."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`dropDuplicates([...])` behind a watermark whose column is not in the list."""
        for frame, index in once(source, "dropDuplicates", "drop_duplicates"):
            step = frame.steps[index]
            marks = [s for s in frame.steps[:index] if s.name == "withWatermark"]
            columns = argument(step.call, 0, "subset")
            time = source.text(argument(marks[-1].call, 0, "eventTime")) if marks else None
            if time is None or not isinstance(columns, (ast.List, ast.Tuple)):
                continue
            names = [source.text(each) for each in columns.elts]
            if frame.streaming and None not in names and time not in names:
                at = source.method_span(step.call)
                yield self.found(at, f"the state is never freed: {time} is not among the columns")


class DistinctStreamInSql(Rule):
    """A stream in SQL has no DISTINCT and no UNION that removes duplicates.

    Both keep every row they ever saw.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE customers (CONSTRAINT has_id EXPECT (id IS NOT NULL)) AS
    SELECT DISTINCT customer_id FROM STREAM orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW customers AS
    SELECT DISTINCT customer_id FROM orders;
    ```
    """

    code = "SS-06"
    severity = Severity.CRITICAL
    category = Category.STATE
    hint = "Write UNION ALL, or make it a materialized view."

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """DISTINCT behind SELECT, and UNION without ALL, at the top of a query that streams."""
        for statement in source.statements:
            query = statement.query
            if query is None or not query.streams or query.has("WATERMARK"):
                continue
            if statement.flow is not None and statement.flow.cdc is not None:
                continue
            tokens = query.tokens
            for index, token in query.depth_zero():
                following = tokens[index + 1].upper if index + 1 < len(tokens) else ""
                if token.upper == "SELECT" and following == "DISTINCT":
                    at = query.span(token, tokens[index + 1])
                    yield self.found(at, "every row that ever came is kept to find duplicates")
                elif token.upper == "UNION" and following != "ALL":
                    message = "UNION keeps every row that ever came to find duplicates"
                    yield self.found(query.span(token), message)
