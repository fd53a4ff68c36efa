"""Rules about what needs all rows of a stream."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import pairwise

from millpond.lint.finding import Finding, Severity
from millpond.lint.frame import Frame
from millpond.lint.python_source import PythonSource
from millpond.lint.rule import Category, Rule
from millpond.lint.sql_source import Query, SqlSource
from millpond.lint.streams import once
from millpond.sql.tokens import Token

_GROUPS = ("groupBy", "groupby", "rollup", "cube")


class SortedStream(Rule):
    """A stream is not sorted.

    `orderBy`, `sort` and `limit` on a stream are refused before any aggregation: there is no last
    row.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.table
    @dp.expect("has_id", "id IS NOT NULL")
    def orders():
        return spark.readStream.table("raw.orders").orderBy("at")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.table
    @dp.expect("has_id", "id IS NOT NULL")
    def orders():
        return spark.readStream.table("raw.orders")
    ```
    """

    code = "SS-10"
    severity = Severity.CRITICAL
    category = Category.STATE
    hint = "Remove it; sort in a materialized view or where the table is read."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Sorts of a stream that was not aggregated."""
        for frame, index in once(source, "orderBy", "sort"):
            before = Frame(frame.origin, frame.steps[:index])
            if before.streaming and not before.has(*_GROUPS, "writeStream") and not before.opaque:
                at = source.method_span(frame.steps[index].call)
                yield self.found(at, "a stream cannot be sorted")

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """ORDER BY of a SELECT that streams and does not aggregate."""
        for query, top in _streaming_selects(source):
            words = [token.upper for _, token in top]
            for (_, token), (_, after) in pairwise(top):
                if (token.upper, after.upper) == ("ORDER", "BY") and "GROUP" not in words:
                    yield self.found(query.span(token, after), "a stream cannot be sorted")


class RowWindowOnStream(Rule):
    """A stream has no windows over rows.

    `row_number().over(...)` and its like need all rows; on a stream they are refused. The newest
    rows by key are what AUTO CDC is for.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    newest = Window.partitionBy("id").orderBy(F.desc("at"))


    @dp.table
    @dp.expect("has_id", "id IS NOT NULL")
    def orders():
        rows = spark.readStream.table("raw.orders")
        return rows.withColumn("n", F.row_number().over(newest)).where("n = 1")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("orders", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_flow(target="orders", source="raw_orders", keys=["id"], sequence_by="at")
    ```
    """

    code = "SS-11"
    severity = Severity.CRITICAL
    category = Category.STATE
    hint = "Use AUTO CDC for the newest row of a key, or a materialized view."

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`.over(...)` in a step of a stream."""
        seen: set[ast.AST] = set()
        for frame in source.frames:
            for step in frame.steps if frame.streaming else ():
                for argument_ in [*step.call.args, *(k.value for k in step.call.keywords)]:
                    for node in ast.walk(argument_):
                        over = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                        if over and node.func.attr == "over" and node not in seen:  # type: ignore[attr-defined]
                            seen.add(node)
                            at = source.method_span(node)  # type: ignore[arg-type]
                            yield self.found(at, "windows over rows do not work on a stream")

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """OVER in a SELECT that streams."""
        for query, top in _streaming_selects(source):
            for (_, before), (_, token) in pairwise(top):
                if token.upper == "OVER" and before.upper in (")", "("):
                    message = "windows over rows do not work on a stream"
                    yield self.found(query.span(token), message)


def _streaming_selects(source: SqlSource) -> Iterator[tuple[Query, list[tuple[int, Token]]]]:
    """The queries whose outermost SELECT reads a stream, with its tokens outside of brackets."""
    for statement in source.statements:
        query = statement.query
        if query is None or not query.streams:
            continue
        top = list(query.depth_zero())
        places = {token.start for _, token in top}
        if any(each.streaming and each.start in places for each in query.references):
            yield query, top
