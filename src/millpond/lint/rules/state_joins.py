"""Rules about joins of streams."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from millpond.lint.finding import Finding, Severity
from millpond.lint.frame import Frame
from millpond.lint.python_source import PythonSource, argument, keyword
from millpond.lint.rule import Category, Rule
from millpond.lint.sql_source import Query, SqlSource
from millpond.lint.streams import joins, watermarked


class StreamJoinWithoutWatermark(Rule):
    """Both sides of a stream-stream join have a watermark.

    Without it each side is kept for ever; an outer join of streams is refused.

    **Anti-pattern**

    ```python
    from pyspark.sql import functions as F

    orders = spark.readStream.table("orders").alias("o")
    paid = spark.readStream.table("payments").withWatermark("paid_at", "1 hour").alias("p")
    near = F.expr("o.id = p.id AND paid_at BETWEEN at AND at + INTERVAL 1 HOUR")
    joined = orders.join(paid, near)
    ```

    **Best practice**

    ```python
    from pyspark.sql import functions as F

    orders = spark.readStream.table("orders").withWatermark("at", "1 hour").alias("o")
    paid = spark.readStream.table("payments").withWatermark("paid_at", "1 hour").alias("p")
    near = F.expr("o.id = p.id AND paid_at BETWEEN at AND at + INTERVAL 1 HOUR")
    joined = orders.join(paid, near)
    ```
    """

    code = "SS-07"
    severity = Severity.CRITICAL
    category = Category.STATE
    hint = "Call withWatermark on each of the two before the join."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Joins of two streams one of which has no watermark."""
        for frame, index, other in joins(source):
            left = Frame(frame.origin, frame.steps[:index])
            if not left.streaming or not other.streaming:
                continue
            if not watermarked(source, left, index) or not watermarked(
                source, other, len(other.steps)
            ):
                at = source.method_span(frame.steps[index].call)
                yield self.found(at, "two streams are joined and not both have a watermark")


class StreamJoinWithoutTimeRange(Rule):
    """A stream-stream join limits how far apart in time rows may be.

    With a key alone the state of both sides grows for ever, watermark or not.

    **Anti-pattern**

    ```python
    orders = spark.readStream.table("orders").withWatermark("at", "1 hour")
    paid = spark.readStream.table("payments").withWatermark("paid_at", "1 hour")
    joined = orders.join(paid, "id")
    ```

    **Best practice**

    ```python
    from pyspark.sql import functions as F

    orders = spark.readStream.table("orders").withWatermark("at", "1 hour").alias("o")
    paid = spark.readStream.table("payments").withWatermark("paid_at", "1 hour").alias("p")
    near = F.expr("o.id = p.id AND paid_at BETWEEN at AND at + INTERVAL 1 HOUR")
    joined = orders.join(paid, near)
    ```
    """

    code = "SS-08"
    severity = Severity.REQUIRED
    category = Category.STATE
    hint = "Add to the condition: b.at BETWEEN a.at AND a.at + INTERVAL 1 HOUR, or join windows."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Joins of two streams by keys that name no time."""
        for frame, index, other in joins(source):
            left = Frame(frame.origin, frame.steps[:index])
            step = frame.steps[index]
            on = argument(step.call, 1, "on")
            if left.streaming and other.streaming and _keys_alone(source, on):
                yield self.found(source.method_span(step.call), "nothing bounds this join in time")


def _keys_alone(source: PythonSource, on: ast.expr | None) -> bool:
    """Whether a condition is known to have no time in it: names of columns, and equalities."""
    if isinstance(on, (ast.List, ast.Tuple)):
        return all(_keys_alone(source, each) for each in on.elts)
    text = source.text(on)
    if text is not None:
        return not re.search(r"window|time|date|_at$|^at$|_ts$|^ts$", text, re.IGNORECASE)
    if isinstance(on, ast.Compare):
        names = " ".join(str(n.value) for n in ast.walk(on) if isinstance(n, ast.Constant))
        names += " ".join(n.attr for n in ast.walk(on) if isinstance(n, ast.Attribute))
        return isinstance(on.ops[0], ast.Eq) and not re.search("window|time|date", names, re.I)
    return False


class StreamJoinInSqlWithoutWatermark(Rule):
    """A stream-stream join in SQL has watermarks.

    Both sides are kept for ever without them.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE paid (CONSTRAINT has_id EXPECT (id IS NOT NULL)) AS
    SELECT o.id, p.amount FROM STREAM orders AS o JOIN STREAM payments AS p ON o.id = p.order_id;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE paid (CONSTRAINT has_id EXPECT (id IS NOT NULL)) AS
    SELECT o.id, p.amount
    FROM STREAM orders WATERMARK at DELAY OF INTERVAL 1 HOUR AS o
    JOIN STREAM payments WATERMARK paid_at DELAY OF INTERVAL 1 HOUR AS p
    ON o.id = p.order_id AND p.paid_at BETWEEN o.at AND o.at + INTERVAL 1 HOUR;
    ```
    """

    code = "SS-09"
    severity = Severity.CRITICAL
    category = Category.STATE
    hint = "Write WATERMARK at DELAY OF INTERVAL ... behind each STREAM, and a range of time in ON."

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """Queries that join two streams without WATERMARK."""
        for statement in source.statements:
            query = statement.query
            if query is None or query.has("WATERMARK") or not query.has("JOIN"):
                continue
            streams = [each for each in query.references if each.streaming]
            if len(streams) > 1 and not source.watermarks_in(query):
                between = _words_between(query, streams[0].end, streams[1].start)
                if "JOIN" in between and "UNION" not in between:
                    at = query.reference_span(streams[1])
                    yield self.found(at, "two streams are joined without a watermark")


def _words_between(query: Query, start: int, end: int) -> set[str]:
    return {token.upper for token in query.tokens if start <= token.start < end}


class CrossJoinOfStream(Rule):
    """A stream is not multiplied.

    A join without a condition pairs every row with all rows of the other side, again at each batch.

    **Anti-pattern**

    ```python
    orders = spark.readStream.table("orders").crossJoin(spark.read.table("rates"))
    ```

    **Best practice**

    ```python
    orders = spark.readStream.table("orders").join(spark.read.table("rates"), "currency")
    ```
    """

    code = "SS-15"
    severity = Severity.REQUIRED
    category = Category.STATE
    hint = "Join by a key."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`crossJoin`, and `join` without a condition, of a stream."""
        for frame, index, _ in joins(source):
            step = frame.steps[index]
            alone = step.name == "crossJoin" or (
                len(step.call.args) == 1 and keyword(step.call, "on") is None
            )
            before = Frame(frame.origin, frame.steps[:index])
            if alone and before.streaming:
                yield self.found(source.method_span(step.call), "this join multiplies a stream")


class CrossJoinInSql(Rule):
    """Tables in SQL are joined by a condition.

    `CROSS JOIN` pairs every row with every other; in a streaming table at each batch.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE priced (CONSTRAINT has_id EXPECT (id IS NOT NULL)) AS
    SELECT o.id, r.rate FROM STREAM orders AS o CROSS JOIN rates AS r;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE priced (CONSTRAINT has_id EXPECT (id IS NOT NULL)) AS
    SELECT o.id, r.rate FROM STREAM orders AS o JOIN rates AS r ON o.currency = r.currency;
    ```
    """

    code = "SS-16"
    severity = Severity.REQUIRED
    category = Category.STATE
    hint = "Join by a key: JOIN t ON ..."

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """CROSS JOIN of a table in a query that streams, but not of explode and its like."""
        for statement in source.statements:
            query = statement.query
            if query is None or not query.streams:
                continue
            starts = {reference.start for reference in query.references}
            tokens = query.tokens
            for index, token in enumerate(tokens[:-2]):
                crossed = token.upper == "CROSS" and tokens[index + 1].upper == "JOIN"
                if crossed and tokens[index + 2].start in starts:
                    at = query.span(token, tokens[index + 1])
                    yield self.found(at, "this join multiplies a stream")
