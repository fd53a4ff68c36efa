"""What counts as expectations of a streaming table, and which streams are raw."""

from __future__ import annotations

import pytest

TARGET = """\
CREATE OR REFRESH STREAMING TABLE target;
CREATE FLOW changes AS AUTO CDC INTO target FROM STREAM {} KEYS (id) SEQUENCE BY at;
"""
CHECKED = "CONSTRAINT has_id EXPECT (id IS NOT NULL)"


def codes(judge, sql: str, *wanted: str) -> list[str]:
    return [each.rule for each in judge({"a.sql": sql}, *wanted).findings]


def test_expectations_of_a_view_that_is_read_count(judge) -> None:
    sql = f"""
    CREATE TEMPORARY VIEW v ({CHECKED}) AS SELECT * FROM STREAM raw.a;
    CREATE OR REFRESH STREAMING TABLE t AS SELECT * FROM STREAM v;
    """
    assert codes(judge, sql, "ST-02") == []


def test_expectations_of_a_table_that_is_read_do_not(judge) -> None:
    sql = f"""
    CREATE OR REFRESH STREAMING TABLE a ({CHECKED}) AS SELECT * FROM STREAM raw.a;
    CREATE OR REFRESH STREAMING TABLE t AS SELECT * FROM STREAM a;
    """
    assert codes(judge, sql, "ST-02") == ["ST-02"]


@pytest.mark.parametrize("through", ["", "CREATE TEMPORARY VIEW v AS SELECT * FROM STREAM feed;"])
def test_a_target_of_auto_cdc_is_checked_by_what_feeds_it(judge, through: str) -> None:
    feed = f"CREATE OR REFRESH STREAMING TABLE feed ({CHECKED}) AS SELECT * FROM STREAM raw.a;"
    sql = f"{feed}\n{through}\n{TARGET.format('v' if through else 'feed')}"
    assert codes(judge, sql, "ST-02") == []


def test_a_target_of_auto_cdc_that_nothing_checks(judge) -> None:
    assert codes(judge, TARGET.format("raw.a"), "ST-02") == ["ST-02"]


def test_a_target_of_snapshots_that_a_function_gives_can_have_none(judge) -> None:
    source = """
    from pyspark import pipelines as dp

    def next_snapshot(latest):
        return None

    dp.create_streaming_table("t")
    dp.create_auto_cdc_from_snapshot_flow(target="t", source=next_snapshot, keys=["id"])
    """
    assert judge({"a.py": source}, "ST-02").findings == ()


def test_expectations_that_only_a_run_knows_are_taken_for_some(judge) -> None:
    source = """
    import dlt
    from rules import RULES

    @dlt.table
    @dlt.expect_all(RULES)
    def t():
        return spark.readStream.table("raw.a")
    """
    assert judge({"a.py": source}, "ST-02").findings == ()


def test_a_stream_through_variables_and_functions_is_one(judge) -> None:
    source = """
    def main(spark):
        orders = spark.readStream.table("orders")
        writer = orders.writeStream.option("checkpointLocation", "/Volumes/a/b/c/d")
        query = writer.trigger(availableNow=True).queryName("orders").toTable("copy")
        query.awaitTermination()
    """
    (finding,) = judge({"a.py": source}, "ST-01", "ST-03", "RS-03", "RS-07").findings
    assert (finding.rule, finding.at.line) == ("ST-01", 4)


def test_options_from_elsewhere_may_name_a_checkpoint(judge) -> None:
    source = """
    from settings import OPTIONS

    spark.readStream.table("a").writeStream.options(**OPTIONS).start()
    """
    assert judge({"a.py": source}, "ST-03").findings == ()
