"""Rules about datasets that nobody fills or reads, or that read too much."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from millpond.lint.conditions import AGGREGATES, functions
from millpond.lint.finding import Finding, Severity
from millpond.lint.pipeline import DatasetFacts, Pipeline
from millpond.lint.rule import Category, Rule

_SIMPLE = frozenset(
    {"select", "selectExpr", "where", "filter", "withColumn", "withColumns", "withColumnRenamed"}
    | {"drop", "alias", "withColumnsRenamed", "fillna", "na"}
)


class UnusedView(Rule):
    """A temporary view is read.

    It stores nothing: one that no dataset reads is never computed.

    **Anti-pattern**

    ```sql
    CREATE TEMPORARY VIEW large_orders AS SELECT * FROM raw.orders WHERE amount > 1000;
    CREATE OR REFRESH MATERIALIZED VIEW orders AS SELECT * FROM raw.orders;
    ```

    **Best practice**

    ```sql
    CREATE TEMPORARY VIEW large_orders AS SELECT * FROM raw.orders WHERE amount > 1000;
    CREATE OR REFRESH MATERIALIZED VIEW orders AS SELECT * FROM large_orders;
    ```
    """

    code = "GR-09"
    severity = Severity.ADVICE
    category = Category.GRAPH
    hint = "Remove it, or make it a materialized view if others are to read it."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Views without a reader, where everything that is read is known."""
        if not pipeline.knows_all_reads:
            return
        made = {each.at.file for each in pipeline.tables}
        for dataset in pipeline.datasets:
            if pipeline.settings is None and dataset.at.file not in made:
                continue  # a notebook that looks at data with views of its own
            published = dataset.assembled.dataset.definition
            temporary = published is None or not published.published
            if dataset.is_view and temporary and not dataset.readers:
                yield self.found(dataset.at, f"no dataset reads the view {dataset.short}")


class BatchCopyOfStream(Rule):
    """What only filters a streaming table is a streaming table too.

    A materialized view reads the whole of it again; a stream reads what is new.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (CONSTRAINT has_id EXPECT (id IS NOT NULL))
    AS SELECT * FROM STREAM raw.orders;
    CREATE OR REFRESH MATERIALIZED VIEW large_orders AS SELECT * FROM orders WHERE amount > 1000;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (CONSTRAINT has_id EXPECT (id IS NOT NULL))
    AS SELECT * FROM STREAM raw.orders;
    CREATE OR REFRESH STREAMING TABLE large_orders (CONSTRAINT large EXPECT (amount > 1000))
    AS SELECT * FROM STREAM orders WHERE amount > 1000;
    ```
    """

    code = "GR-10"
    severity = Severity.ADVICE
    category = Category.GRAPH
    hint = "Make it a streaming table that reads STREAM; keep it if its source is updated."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Materialized views over one append-only streaming table, of plain steps alone."""
        for dataset in pipeline.datasets:
            if not dataset.is_materialized_view or not dataset.certain or len(dataset.inputs) != 1:
                continue
            read, source = dataset.inputs[0]
            grows = source.is_streaming_table and not source.cdc_flows
            if grows and len(dataset.reads) == 1 and _only_filters(pipeline, dataset):
                at = read.at or dataset.at
                yield self.found(at, f"{dataset.short} reads all of {source.short} at each update")


def _only_filters(pipeline: Pipeline, dataset: DatasetFacts) -> bool:
    statement = pipeline.statement_of(dataset)
    if statement is not None and statement.query is not None:
        tokens = statement.query.tokens
        words = {token.upper for token in tokens}
        heavy = {
            "GROUP",
            "JOIN",
            "DISTINCT",
            "OVER",
            "UNION",
            "LIMIT",
            "ORDER",
            "LATERAL",
            "HAVING",
        }
        called = {token.upper for token in functions(tokens)}
        selects = sum(token.upper == "SELECT" for token in tokens)
        return selects == 1 and not words & heavy and not called & AGGREGATES
    frames = pipeline.frames_of(dataset)
    steps = [step.name for _, frame in frames for step in frame.steps]
    texts = " ".join(
        node.value.upper()
        for _, frame in frames
        for step in frame.steps
        for node in ast.walk(step.call)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    aggregates = any(f"{name}(" in texts for name in AGGREGATES)
    calls = {
        name.casefold()
        for source, frame in frames
        for step in frame.steps
        for node in ast.walk(step.call)
        if (name := source.column_function(node)) is not None
    }
    heavy_calls = {each.casefold() for each in AGGREGATES} & calls
    return bool(frames) and set(steps) <= _SIMPLE and not aggregates and not heavy_calls


class EmptyStreamingTable(Rule):
    """A streaming table is filled.

    A table that is declared and that no flow fills stays empty.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (CONSTRAINT has_id EXPECT (id IS NOT NULL));
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (CONSTRAINT has_id EXPECT (id IS NOT NULL));
    CREATE FLOW fill AS INSERT INTO orders BY NAME SELECT * FROM STREAM raw.orders;
    ```
    """

    code = "GR-11"
    severity = Severity.REQUIRED
    category = Category.GRAPH
    hint = "Add a flow, or remove the table."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Streaming tables without a flow, where all names are known."""
        if not pipeline.knows_all_names:
            return
        for dataset in pipeline.datasets:
            if dataset.is_streaming_table and not dataset.flows:
                yield self.found(dataset.at, f"no flow fills {dataset.short}")
