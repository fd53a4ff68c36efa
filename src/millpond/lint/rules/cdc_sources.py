"""Rules about where changes come from (reference 1.6, 4.1)."""

from __future__ import annotations

from collections.abc import Iterable

from millpond.graph.static.declared import Read
from millpond.lint.change_flows import change_flows, minds_changes
from millpond.lint.finding import Finding, Severity
from millpond.lint.pipeline import Pipeline
from millpond.lint.rule import Category, Rule, replacing
from millpond.lint.sql_source import SqlSource
from millpond.location import Span


class DeletesOfAppendOnlyFeed(Rule):
    """A delete condition can be true.

    `_change_type` exists only where the feed is read with `readChangeFeed`; of a table that is read
    as it is, or with skipped changes, no row is ever a delete.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp
    from pyspark.sql import functions as F

    dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_flow(
        target="customers",
        source="main.raw.customers",
        keys=["id"],
        sequence_by="changed_at",
        apply_as_deletes=F.expr("_change_type = 'delete'"),
        except_column_list=["_change_type"],
    )
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp
    from pyspark.sql import functions as F


    @dp.temporary_view
    def changes():
        return spark.readStream.option("readChangeFeed", "true").table("main.raw.customers")


    dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_flow(
        target="customers",
        source="changes",
        keys=["id"],
        sequence_by="_commit_version",
        apply_as_deletes=F.expr("_change_type = 'delete'"),
        except_column_list=["_change_type", "_commit_version", "_commit_timestamp"],
    )
    ```
    """

    code = "CD-04"
    severity = Severity.REQUIRED
    category = Category.CDC
    hint = "Read the feed in a view: spark.readStream.option('readChangeFeed', 'true').table(...)."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Conditions on `_change_type` over sources that do not read a change feed."""
        for _, flow in change_flows(pipeline):
            if "_change_type" not in flow.deletes.casefold():
                continue
            reads = [r for read in flow.declared.reads for r in _leaves(pipeline, read, 0)]
            known = bool(reads) and flow.declared.understood
            if known and not any(minds_changes(read) or read.path for read in reads):
                message = "no change is ever a delete: the source is not read as a change feed"
                yield self.found(flow.deletes_at, message)


def _leaves(pipeline: Pipeline, read: Read, depth: int) -> list[Read]:
    """What a read comes down to through temporary views."""
    source = pipeline.assembly.find(read)
    if source is None or source.dataset.kind != "VIEW" or depth > 20:
        return [read]
    return [r for f in source.flows for each in f.reads for r in _leaves(pipeline, each, depth + 1)]


class ChangesReadAsBatch(Rule):
    """A feed of changes is read as a stream.

    AUTO CDC without `STREAM` in front of its source is refused.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE customers (CONSTRAINT has_id EXPECT (id IS NOT NULL));
    CREATE FLOW changes AS AUTO CDC INTO customers
    FROM raw.changes KEYS (id) SEQUENCE BY changed_at;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE customers (CONSTRAINT has_id EXPECT (id IS NOT NULL));
    CREATE FLOW changes AS AUTO CDC INTO customers
    FROM STREAM raw.changes KEYS (id) SEQUENCE BY changed_at;
    ```
    """

    code = "CD-11"
    severity = Severity.CRITICAL
    category = Category.CDC
    hint = "Write FROM STREAM source."
    fixable = True

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """Sources of AUTO CDC in SQL none of which streams."""
        for statement in source.statements:
            flow, query = statement.flow, statement.query
            if flow is None or flow.cdc is None or query is None or flow.once:
                continue
            if query.references and not query.streams:
                reference = query.references[0]
                at = query.reference_span(reference)
                start = Span(at.file, at.line, at.column, at.line, at.column)
                fix = replacing(start, "STREAM ", "Read it as a stream")
                yield self.found(at, "the feed of changes is not read as a stream", fix=fix)


class ExpectationOnSnapshotTarget(Rule):
    """Expectations do not stand on a target of AUTO CDC from snapshots.

    They are not supported there; put them on the view or table that the snapshots come from.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("products", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_from_snapshot_flow(
        target="products", source="raw.products", keys=["id"], stored_as_scd_type=2
    )
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.temporary_view
    @dp.expect("has_id", "id IS NOT NULL")
    def checked():
        return spark.read.table("raw.products")


    dp.create_streaming_table("products")
    dp.create_auto_cdc_from_snapshot_flow(
        target="products", source="checked", keys=["id"], stored_as_scd_type=2
    )
    ```
    """

    code = "CD-12"
    severity = Severity.REQUIRED
    category = Category.CDC
    hint = "Move them to a temporary view that the flow reads."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Expectations of targets that a flow from snapshots fills."""
        for dataset, flow in change_flows(pipeline):
            if flow.snapshot and dataset.expectations:
                yield self.found(
                    dataset.expectations[0].at, f"{dataset.short} is filled from snapshots"
                )


class ChangeFeedOff(Rule):
    """A change feed that is read is written.

    `readChangeFeed` of a table without `delta.enableChangeDataFeed` fails. Targets of AUTO CDC have
    it.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view
    def prices():
        return spark.read.table("raw.prices")


    @dp.table
    @dp.expect("has_id", "id IS NOT NULL")
    def price_changes():
        return spark.readStream.option("readChangeFeed", "true").table("prices")
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp


    @dp.materialized_view(table_properties={"delta.enableChangeDataFeed": "true"})
    def prices():
        return spark.read.table("raw.prices")


    @dp.table
    @dp.expect("has_id", "id IS NOT NULL")
    def price_changes():
        return spark.readStream.option("readChangeFeed", "true").table("prices")
    ```
    """

    code = "CD-13"
    severity = Severity.CRITICAL
    category = Category.CDC
    hint = "Set the table property delta.enableChangeDataFeed = true where it is defined."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Reads of the change feed of a dataset whose known properties do not switch it on."""
        for dataset in pipeline.datasets:
            for read, source in dataset.inputs:
                if "readchangefeed" not in read.options and "readchangedata" not in read.options:
                    continue
                given = {key.casefold(): value for key, value in source.properties.items()}
                on = given.get("delta.enablechangedatafeed", "false").casefold() == "true"
                known = not source.is_view and not source.cdc_flows and source.properties_known
                if known and not on:
                    at = read.at or dataset.at
                    yield self.found(at, f"{source.short} has no change feed")
