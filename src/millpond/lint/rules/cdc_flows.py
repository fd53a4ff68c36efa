"""Rules about flows of changes (reference 1.5, 4)."""

from __future__ import annotations

from collections.abc import Iterable

from millpond.lint.change_flows import change_flows
from millpond.lint.finding import Finding, Severity
from millpond.lint.pipeline import Pipeline, is_cdc
from millpond.lint.rule import Category, Rule


class AppendIntoCdcTarget(Rule):
    """A target of AUTO CDC is filled by AUTO CDC alone.

    An append flow, or a query of the table's own, beside it is refused.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE customers (CONSTRAINT has_id EXPECT (id IS NOT NULL));
    CREATE FLOW changes AS AUTO CDC INTO customers
    FROM STREAM raw.changes KEYS (id) SEQUENCE BY changed_at;
    CREATE FLOW more AS INSERT INTO customers BY NAME SELECT * FROM STREAM raw.customers;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE customers (CONSTRAINT has_id EXPECT (id IS NOT NULL));
    CREATE FLOW changes AS AUTO CDC INTO customers
    FROM STREAM raw.changes KEYS (id) SEQUENCE BY changed_at;
    ```
    """

    code = "CD-01"
    severity = Severity.CRITICAL
    category = Category.CDC
    hint = "Bring the rows into the feed of changes, or use AUTO CDC with once."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Other flows of a dataset that has a flow of changes."""
        for dataset in pipeline.datasets:
            if dataset.cdc_flows:
                for flow in dataset.flows:
                    if not is_cdc(flow):
                        message = f"{dataset.short} is a target of AUTO CDC and is appended to"
                        yield self.found(flow.at, message)


class ChangesWithoutSequence(Rule):
    """Changes are applied in the order of a sequence.

    Without `sequence_by` the order of arrival would decide, and a late change would win.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_flow(
        target="customers", source="changes", keys=["id"], stored_as_scd_type=2
    )
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_flow(
        target="customers",
        source="changes",
        keys=["id"],
        sequence_by="changed_at",
        stored_as_scd_type=2,
    )
    ```
    """

    code = "CD-02"
    severity = Severity.CRITICAL
    category = Category.CDC
    hint = "Add sequence_by: the time or number that the source gave the change."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Calls without `sequence_by`."""
        for dataset, flow in change_flows(pipeline):
            if not flow.snapshot and flow.lacks_sequence:
                yield self.found(flow.at, f"the changes of {dataset.short} have no sequence")


class SequenceByArrival(Rule):
    """The sequence of changes is the source's, not the time of arrival.

    With `current_timestamp()` all changes of a batch have one sequence, and a replay another one.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE customers (CONSTRAINT has_id EXPECT (id IS NOT NULL));
    CREATE FLOW changes AS AUTO CDC INTO customers
    FROM STREAM raw.changes KEYS (id) SEQUENCE BY current_timestamp();
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE customers (CONSTRAINT has_id EXPECT (id IS NOT NULL));
    CREATE FLOW changes AS AUTO CDC INTO customers
    FROM STREAM raw.changes KEYS (id) SEQUENCE BY changed_at;
    ```
    """

    code = "CD-03"
    severity = Severity.CRITICAL
    category = Category.CDC
    hint = "Use a column that the source system wrote: a version, a log position, its clock."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Sequences that are computed from the clock."""
        for _, flow in change_flows(pipeline):
            text = flow.sequence.casefold()
            if "current_timestamp" in text or "now()" in text:
                yield self.found(flow.sequence_at, "the order of arrival decides which change wins")


class TruncateOfHistory(Rule):
    """Truncates are for SCD type 1.

    History is never truncated: `apply_as_truncates` with SCD type 2 is refused.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp
    from pyspark.sql import functions as F

    dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_flow(
        target="customers",
        source="changes",
        keys=["id"],
        sequence_by="changed_at",
        apply_as_truncates=F.expr("operation = 'TRUNCATE'"),
        stored_as_scd_type=2,
    )
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp
    from pyspark.sql import functions as F

    dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_flow(
        target="customers",
        source="changes",
        keys=["id"],
        sequence_by="changed_at",
        apply_as_truncates=F.expr("operation = 'TRUNCATE'"),
        stored_as_scd_type=1,
    )
    ```
    """

    code = "CD-05"
    severity = Severity.CRITICAL
    category = Category.CDC
    hint = "Remove it, or store SCD type 1."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Both together."""
        for dataset, flow in change_flows(pipeline):
            if flow.scd == "2" and flow.given("apply_as_truncates"):
                at = flow.argument_at("apply_as_truncates")
                yield self.found(at, f"the history of {dataset.short} cannot be truncated")


class TrackHistoryOfTypeOne(Rule):
    """History is tracked in SCD type 2.

    `track_history_...` has no meaning for SCD type 1, which is what a flow stores unless told.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_flow(
        target="customers",
        source="changes",
        keys=["id"],
        sequence_by="changed_at",
        track_history_except_column_list=["synced_at"],
    )
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_flow(
        target="customers",
        source="changes",
        keys=["id"],
        sequence_by="changed_at",
        stored_as_scd_type=2,
        track_history_except_column_list=["synced_at"],
    )
    ```
    """

    code = "CD-06"
    severity = Severity.REQUIRED
    category = Category.CDC
    hint = "Set stored_as_scd_type=2, or remove the list."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """A list of tracked columns without SCD type 2."""
        lists = ("track_history_column_list", "track_history_except_column_list")
        for dataset, flow in change_flows(pipeline):
            for each in lists:
                if flow.scd == "1" and flow.given(each):
                    message = f"{dataset.short} keeps no history that could be tracked"
                    yield self.found(flow.argument_at(each), message)
