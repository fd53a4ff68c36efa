"""Rows are followed back to the file they came from, and what kept a row away is told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from millpond import codes
from millpond.errors import MillpondError

if TYPE_CHECKING:
    from millpond.engine.explanation.outcome import Explanation, FoundInput

pytestmark = pytest.mark.spark

ORDERS = """
    import dlt
    from pyspark.sql import functions as F

    RULES = {"positive": "amount > 0", "has_customer": "customer IS NOT NULL"}

    @dlt.table
    def bronze():
        return (
            spark.readStream.format("cloudFiles").option("cloudFiles.format", "json")
            .option("cloudFiles.inferColumnTypes", "true").load("FOLDER/orders")
            .select(
                "*",
                F.col("_metadata.file_modification_time").alias("modified"),
                F.current_timestamp().alias("ingested_at"),
            )
        )

    @dlt.view
    def typed():
        return dlt.read_stream("bronze").where("kind <> 'test'").select(
            F.upper(F.trim("id")).alias("id"), "customer", "amount", "day",
            F.expr("uuid()").alias("row"),
        )

    @dlt.table
    @dlt.expect_all_or_drop(RULES)
    def silver():
        return dlt.read_stream("typed").dropDuplicates(["id"])

    @dlt.table
    def quarantine():
        passed = " AND ".join(f"coalesce({rule}, false)" for rule in RULES.values())
        return dlt.read_stream("typed").where(f"NOT ({passed})")

    @dlt.table
    def plain():
        lines = spark.readStream.format("json").schema("id string, amount double")
        return lines.load("FOLDER/orders").select(F.col("id").alias("key"), "amount")

    dlt.create_streaming_table("customers")

    @dlt.view
    def changes():
        return (
            spark.readStream.format("cloudFiles").option("cloudFiles.format", "csv")
            .option("cloudFiles.inferColumnTypes", "true").load("FOLDER/customers")
        )

    dlt.create_auto_cdc_flow(
        target="customers", source="changes", keys=["key"], sequence_by="seq",
        apply_as_deletes=F.expr("op = 'D'"), except_column_list=["op", "seq", "_rescued_data"],
    )
"""
GOLD = """
    CREATE MATERIALIZED VIEW sales AS
    WITH joined AS (
      SELECT s.day, s.amount, c.country FROM silver s LEFT JOIN customers c ON s.customer = c.key
    )
    SELECT country, day, sum(amount) AS revenue, now() AS made_at FROM joined GROUP BY ALL;
"""
A = """\
{"id": "a1 ", "customer": 1, "amount": 10.5, "day": "2026-01-01", "kind": "web"}
{"id": "a2", "customer": 2, "amount": -3, "day": "2026-01-01", "kind": "web"}
{"id": "a4", "customer": 2, "amount": 7, "day": "2026-01-02", "kind": "web"}
"""
B = """\
{"id": "a5", "customer": 2, "amount": 9, "day": "2026-01-01", "kind": "test"}
{"id": "A1", "customer": 1, "amount": 10.5, "day": "2026-01-01", "kind": "web"}
"""


@pytest.fixture(scope="module")
def orders(shared_project: Any) -> Any:
    """One update over two files of orders and one of changes."""
    folder: Path = shared_project.folder
    for name, text in (("orders/a.json", A), ("orders/b.json", B)):
        file = folder / "data" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (folder / "data/customers").mkdir()
    source = ORDERS.replace("FOLDER", str(folder / "data"))
    for name, rows in (("c", "1,US,I,1\n2,FR,I,1\n"), ("d", "1,DE,U,2\n")):
        changes = f"key,country,op,seq\n{rows}"
        (folder / f"data/customers/{name}.csv").write_text(changes, encoding="utf-8")
        summary = shared_project.run({"orders.py": source, "gold.sql": GOLD})
        assert summary.state == "COMPLETED", summary.errors
    return shared_project


def explained(project: Any, table: str, **key: str) -> Explanation:
    from millpond.engine.explanation.explain import ExplainRequest, explain
    from millpond.sources.inputs import LocalInputs

    return explain(ExplainRequest(project.spec({}), project.state, LocalInputs(), table, key))


def steps(found: Explanation) -> list[FoundInput]:
    """The inputs on the way back, the nearest first; of several beside each other the first."""
    inputs, origin = [], found.origin
    while origin is not None:
        (flow,) = origin.flows
        inputs.append(flow.inputs[0])
        origin = flow.inputs[0].origin
    return inputs


def test_a_row_is_followed_through_a_view_to_its_lines(orders: Any) -> None:
    found = explained(orders, "silver", id="A1")
    bronze, files = steps(found)
    assert (found.found, bronze.name, bronze.found) == (1, "main.default.bronze", 2)
    assert [view for view, _ in found.origin.flows[0].views] == ["main.default.typed"]
    lines = {(Path(row.file or "").name, row.line) for row in files.rows}
    assert lines == {("a.json", 1), ("b.json", 2)}
    assert found.origin.flows[0].at.file.name == "orders.py"
    # What is the same at no other time is no way back.
    assert "ingested_at" not in files.by
    assert "row" not in bronze.by


def test_a_stream_of_files_by_spark_alone_is_followed_too(orders: Any) -> None:
    (files,) = steps(explained(orders, "plain", key="a4"))
    assert (files.kind, files.by, files.found) == ("files", ("key", "amount"), 1)
    assert [(Path(row.file or "").name, row.line) for row in files.rows] == [("a.json", 3)]


def test_a_file_that_was_copied_is_found_all_the_same(orders: Any) -> None:
    file = orders.folder / "data/orders/a.json"
    before = file.stat().st_mtime
    os.utime(file, (before + 100, before + 100))
    try:
        _, files = steps(explained(orders, "silver", id="A4"))
    finally:
        os.utime(file, (before, before))
    assert (files.found, files.rows[0].line) == (1, 3)
    assert files.note is not None
    assert "modified" in files.note


def test_what_dropped_a_row_is_told_with_the_value_it_saw(orders: Any) -> None:
    found = explained(orders, "silver", id="A2")
    bronze, files = steps(found)
    (broken,) = (each for each in bronze.rows[0].judgements if not each.holds)
    assert (found.found, broken.rule, broken.action, broken.saw) == (
        0,
        "positive",
        "drop",
        {"amount": -3.0},
    )
    assert files.rows[0].line == 2


def test_a_condition_of_the_query_is_told_too(orders: Any) -> None:
    bronze, _ = steps(explained(orders, "silver", id="A5"))
    (broken,) = (each for each in bronze.rows[0].judgements if not each.holds)
    assert (broken.rule, broken.saw) == (None, {"kind": "test"})


def test_a_row_in_quarantine_shows_the_rule_that_kept_it_from_the_other_table(orders: Any) -> None:
    found = explained(orders, "quarantine", id="A2")
    (other,) = found.origin.elsewhere
    assert other.dataset == "main.default.silver"
    assert [(each.rule, each.saw) for each in other.judgements] == [("positive", {"amount": -3.0})]


def test_a_group_shows_its_rows_in_each_input(orders: Any) -> None:
    found = explained(orders, "sales", country="FR")
    (flow,) = found.origin.flows
    silver, customers = flow.inputs
    assert (silver.by, silver.rows[0].values["id"]) == (("day",), "A4")
    assert silver.note is not None
    assert "country" in silver.note
    assert (customers.by, customers.rows[0].values["key"]) == (("country",), 2)
    assert silver.origin is not None
    assert customers.origin is not None


def test_a_row_of_auto_cdc_has_the_events_of_its_key(orders: Any) -> None:
    found = explained(orders, "customers", key="1")
    (files,) = steps(found)
    assert found.rows[0].values == {"key": 1, "country": "DE"}
    assert [(row.values["op"], row.line) for row in files.rows] == [("U", 2), ("I", 2)]


def test_rows_that_the_last_update_changed_are_told_by_the_key_of_auto_cdc(orders: Any) -> None:
    from millpond.definitions import QualifiedName
    from millpond.engine.history.diff import diff_table
    from millpond.engine.state import read_state

    found = diff_table(read_state(orders.state), QualifiedName("main", "default", "customers"))
    (row,) = found.changed_rows
    assert (found.added, found.removed, found.changed) == (0, 0, 1)
    assert (row.key, row.columns) == ({"key": 1}, {"country": ("US", "DE")})
    # Deletion vectors are followed, and hidden columns and rows are not shown.
    assert found.new_columns == ()


def test_the_json_form_holds_everything(orders: Any) -> None:
    document = explained(orders, "silver", id="A2").to_json(orders.folder)
    assert (document["schema_version"], document["found"]) == (1, 0)
    (given,) = document["origin"]["flows"][0]["inputs"]
    assert given["rows"][0]["judgements"][-2]["expectation"] == "positive"
    assert given["origin"]["flows"][0]["inputs"][0]["rows"][0]["line"] == 2


@pytest.mark.parametrize(
    ("table", "key", "code"),
    [
        ("silver", {"idd": "A1"}, codes.HISTORY_UNKNOWN_COLUMN),
        ("silver", {"amount": "much"}, codes.HISTORY_VALUE_NOT_VALID),
        ("sliver", {"id": "A1"}, codes.HISTORY_UNKNOWN_TABLE),
        ("typed", {"id": "A1"}, codes.EXPLAIN_NOT_A_TABLE),
    ],
)
def test_a_wrong_question_is_refused(
    orders: Any, table: str, key: dict[str, str], code: codes.Code
) -> None:
    with pytest.raises(MillpondError) as raised:
        explained(orders, table, **key)
    assert raised.value.code is code
