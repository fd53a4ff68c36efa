"""Rules about what reads a stream and what does not (reference 1.4, 2.6)."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from millpond.definitions import FlowKind
from millpond.graph.static.declared import DeclaredFlow
from millpond.lint.change_flows import minds_changes
from millpond.lint.finding import Finding, Severity
from millpond.lint.pipeline import Pipeline
from millpond.lint.python_source import PythonSource
from millpond.lint.rule import Category, Rule, replacing


class StreamingTableFromBatch(Rule):
    """A streaming table reads a stream.

    A query without `STREAM`, or a flow that uses `spark.read`, is refused for a streaming table; as
    a `once` flow it is a backfill.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (CONSTRAINT has_id EXPECT (id IS NOT NULL))
    AS SELECT * FROM raw.orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (CONSTRAINT has_id EXPECT (id IS NOT NULL))
    AS SELECT * FROM STREAM raw.orders;
    ```
    """

    code = "GR-03"
    severity = Severity.CRITICAL
    category = Category.GRAPH
    hint = "Read it as a stream (STREAM t, spark.readStream), or make a materialized view."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Append flows all of whose reads are known and are batch reads."""
        for dataset in pipeline.datasets:
            if not dataset.is_streaming_table or dataset.has_twins:
                continue
            for flow in dataset.flows:
                if not _appends(flow) or not flow.reads or not flow.understood:
                    continue
                reads = [(read, pipeline.assembly.find(read)) for read in flow.reads]
                views = any(s is not None and s.dataset.kind == "VIEW" for _, s in reads)
                if not views and not any(read.streaming for read, _ in reads):
                    at = flow.reads[0].at or flow.at
                    yield self.found(
                        at, f"{dataset.short} is a streaming table and reads no stream"
                    )


def _appends(flow: DeclaredFlow) -> bool:
    if flow.definition is not None:
        return flow.definition.kind is FlowKind.APPEND and not flow.definition.once
    return flow.feature == "append_flow" and flow.arguments.get("once", False) is False


class TableDecoratorOnBatch(Rule):
    """A materialized view is declared as one.

    `@dp.table` is for streaming tables. On a batch query it makes a materialized view all the same,
    for the sake of old code; the reader has to look at the query to know.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.table
    def sales():
        return spark.read.table("orders").groupBy("shop").count()
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def sales():
        return spark.read.table("orders").groupBy("shop").count()
    ```
    """

    code = "GR-04"
    severity = Severity.ADVICE
    category = Category.GRAPH
    hint = "Write @dp.materialized_view."
    fixable = True

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Decorators `table` of `pyspark.pipelines` on a function that gives a batch frame."""
        for dataset in pipeline.datasets:
            declared = dataset.assembled.dataset
            sure = dataset.is_materialized_view and dataset.certain
            if declared.feature != "table" or not sure or declared.function is None:
                continue
            for source in pipeline.python_at(declared.at.file):
                for each in source.decorated:
                    if each.node is declared.function:
                        yield from self._of(source, each.definer)

    def _of(self, source: PythonSource, decorator: ast.expr | None) -> Iterator[Finding]:
        name = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(name, ast.Attribute) and source.dotted(name) == "pyspark.pipelines.table":
            at = source.name_span(name)
            fix = replacing(at, "materialized_view", "Write materialized_view")
            yield self.found(at, "this table reads no stream: it is a materialized view", fix=fix)


class MaterializedViewFromStream(Rule):
    """A materialized view reads no stream.

    Its query is a batch query over all data; with a stream in it the pipeline is refused.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders AS SELECT * FROM STREAM raw.orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders AS SELECT * FROM raw.orders;
    ```
    """

    code = "GR-05"
    severity = Severity.CRITICAL
    category = Category.GRAPH
    hint = "Leave STREAM or readStream out, or make it a streaming table."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Streaming reads of what is declared a materialized view."""
        for dataset in pipeline.datasets:
            read = next((each for each in dataset.reads if each.streaming and each.certain), None)
            if dataset.is_materialized_view and read is not None and not dataset.has_twins:
                at = read.at or dataset.at
                yield self.found(at, f"materialized view {dataset.short} reads a stream")


class StreamFromChangingDataset(Rule):
    """A stream reads what only grows.

    A materialized view and a target of AUTO CDC change rows; a stream that reads them fails at the
    first such commit, unless it reads the change feed or skips it.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders AS SELECT * FROM raw.orders;
    CREATE OR REFRESH STREAMING TABLE copied (CONSTRAINT has_id EXPECT (id IS NOT NULL))
    AS SELECT * FROM STREAM orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders AS SELECT * FROM raw.orders;
    CREATE OR REFRESH MATERIALIZED VIEW copied AS SELECT * FROM orders;
    ```
    """

    code = "GR-06"
    severity = Severity.CRITICAL
    category = Category.GRAPH
    hint = "Read it in a materialized view, or with readChangeFeed or skipChangeCommits."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Streaming reads of materialized views and targets of AUTO CDC."""
        for dataset in pipeline.datasets:
            for read, source in dataset.inputs:
                if not read.streaming or minds_changes(read):
                    continue
                if source.has_twins:
                    continue
                if source.is_materialized_view and source.certain:
                    what = "is a materialized view"
                elif source.cdc_flows:
                    what = "is a target of AUTO CDC"
                else:
                    continue
                at = read.at or dataset.at
                yield self.found(at, f"{source.short} {what}, whose rows change")
