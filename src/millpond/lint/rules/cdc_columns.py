"""Rules about the columns of flows of changes (reference 1.5, 4.5)."""

from __future__ import annotations

from collections.abc import Iterable

from millpond.lint.change_flows import change_flows
from millpond.lint.conditions import identifiers, tokens_of
from millpond.lint.finding import Finding, Severity
from millpond.lint.pipeline import Pipeline
from millpond.lint.rule import Category, Rule


class ColumnListsTogether(Rule):
    """Columns are listed, or all but a list is taken.

    `column_list` and `except_column_list`, and the two of each other pair, exclude each other.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_flow(
        target="customers",
        source="changes",
        keys=["id"],
        sequence_by="changed_at",
        column_list=["id", "name"],
        except_column_list=["operation"],
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
        except_column_list=["operation"],
    )
    ```
    """

    code = "CD-07"
    severity = Severity.CRITICAL
    category = Category.CDC
    hint = "Keep one of the two."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Both lists of a pair."""
        pairs = (
            ("column_list", "except_column_list"),
            ("track_history_column_list", "track_history_except_column_list"),
            ("ignore_null_updates_column_list", "ignore_null_updates_except_column_list"),
        )
        for _, flow in change_flows(pipeline):
            for one, other in pairs:
                if flow.given(one) and flow.given(other):
                    message = f"{one} and {other} exclude each other"
                    yield self.found(flow.argument_at(other), message)


class OperationColumnKept(Rule):
    """The kind of change is not stored.

    The column that says DELETE or UPDATE describes the change, not the row. In SCD type 2 it also
    opens a new version whenever it differs.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE customers (CONSTRAINT has_id EXPECT (id IS NOT NULL));
    CREATE FLOW changes AS AUTO CDC INTO customers
    FROM STREAM raw.changes KEYS (id)
    APPLY AS DELETE WHEN operation = 'DELETE'
    SEQUENCE BY changed_at STORED AS SCD TYPE 2;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE customers (CONSTRAINT has_id EXPECT (id IS NOT NULL));
    CREATE FLOW changes AS AUTO CDC INTO customers
    FROM STREAM raw.changes KEYS (id)
    APPLY AS DELETE WHEN operation = 'DELETE'
    SEQUENCE BY changed_at COLUMNS * EXCEPT (operation) STORED AS SCD TYPE 2;
    ```
    """

    code = "CD-08"
    severity = Severity.ADVICE
    category = Category.CDC
    hint = "Exclude it: except_column_list=[...] or COLUMNS * EXCEPT (...)."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Delete conditions on one column, in flows of SCD type 2 that store all columns."""
        for _, flow in change_flows(pipeline):
            names = identifiers(tokens_of(flow.deletes))
            limited = flow.given("column_list") or flow.given("except_column_list")
            limited = limited or flow.given("track_history_column_list")
            limited = limited or flow.given("track_history_except_column_list")
            if flow.scd == "2" and len(names) == 1 and not limited:
                message = f"{next(iter(names))} is stored, and opens new versions"
                yield self.found(flow.deletes_at, message)


class HistorySchemaIncomplete(Rule):
    """A declared schema of SCD type 2 has __START_AT and __END_AT.

    Both columns are part of the target; a schema without them is refused.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table(
        "customers", schema="id INT, name STRING", expect_all={"has_id": "id IS NOT NULL"}
    )
    dp.create_auto_cdc_flow(
        target="customers", source="c", keys=["id"], sequence_by="at", stored_as_scd_type=2
    )
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table(
        "customers",
        schema="id INT, name STRING, __START_AT TIMESTAMP, __END_AT TIMESTAMP",
        expect_all={"has_id": "id IS NOT NULL"},
    )
    dp.create_auto_cdc_flow(
        target="customers", source="c", keys=["id"], sequence_by="at", stored_as_scd_type=2
    )
    ```
    """

    code = "CD-09"
    severity = Severity.CRITICAL
    category = Category.CDC
    hint = "Add __START_AT and __END_AT with the type of the sequence."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Targets with a schema as text that lacks one of them."""
        for dataset, flow in change_flows(pipeline):
            declared = dataset.assembled.dataset
            schema = declared.arguments.get("schema")
            if declared.definition is not None:
                schema = declared.definition.schema
            if flow.scd == "2" and isinstance(schema, str):
                lacks = [c for c in ("__START_AT", "__END_AT") if c not in schema.upper()]
                if lacks:
                    yield self.found(dataset.at, f"the schema of {dataset.short} lacks {lacks[0]}")


class QualifiedKey(Rule):
    """Keys of AUTO CDC are plain columns.

    `t.id` is refused, in `keys` as in the lists of columns.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_flow(
        target="customers", source="changes", keys=["changes.id"], sequence_by="changed_at"
    )
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp

    dp.create_streaming_table("customers", expect_all={"has_id": "id IS NOT NULL"})
    dp.create_auto_cdc_flow(
        target="customers", source="changes", keys=["id"], sequence_by="changed_at"
    )
    ```
    """

    code = "CD-10"
    severity = Severity.CRITICAL
    category = Category.CDC
    hint = "Give a nested or qualified column a name of its own in a view."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Keys with a dot."""
        for _, flow in change_flows(pipeline):
            for key in flow.keys:
                if "." in key:
                    message = f"the key {key} is not a plain column"
                    yield self.found(flow.argument_at("keys"), message)
