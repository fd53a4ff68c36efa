"""The same fault as people write it: in helpers, dictionaries, lambdas, SQL in Python."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from millpond.lint import all_rules, check
from millpond.lint.project import read_project

START = """
from pyspark import pipelines as sdp
from pyspark.sql import functions as F

"""
TABLE = """
@sdp.table
@sdp.expect("has_id", "id IS NOT NULL")
def orders():
"""
PYTHON = [
    (
        "PY-01",
        3,
        """
        def latest(df):
            return df.agg(F.max("at")).first()[0]

        @sdp.materialized_view
        def orders():
            df = spark.read.table("raw.orders")
            return df.where(F.col("at") == latest(df))
        """,
    ),
    (
        "PY-01",
        5,
        """
        @sdp.materialized_view
        def orders():
            df = spark.read.table("raw.orders")
            ids = [row.id for row in df.select("id").collect()]
            return df.where(F.col("id").isin(ids))
        """,
    ),
    (
        "PY-02",
        3,
        """
        def audited(df, to):
            df.write.mode("append").saveAsTable(to)
            return df

        @sdp.materialized_view
        def orders():
            return audited(spark.read.table("raw.orders"), to="audit")
        """,
    ),
    (
        "PY-03",
        3,
        """
        for shop in ["a", "b"]:
            sdp.materialized_view(name=shop)(lambda: spark.read.table(f"raw.{shop}").groupBy())
        """,
    ),
    (
        "SS-01",
        3,
        """
        def summed(df):
            return df.groupBy("shop").agg(F.sum("n").alias("id"))

        @sdp.table
        @sdp.expect("has_id", "id IS NOT NULL")
        def orders():
            return summed(df=spark.readStream.table("raw.orders"))
        """,
    ),
    (
        "SS-04",
        6,
        """
        def first(df):
            return once(df.where("n > 1"))

        def once(df):
            return df.drop_duplicates(["id"])

        @sdp.table
        @sdp.expect("has_id", "id IS NOT NULL")
        def orders():
            return first(spark.readStream.table("raw.orders")).select("id")
        """,
    ),
    (
        "SS-02",
        8,
        """
        @sdp.table
        @sdp.expect("has_id", "id IS NOT NULL")
        def orders():
            return spark.sql(
                '''SELECT shop, count(*) AS id
                FROM STREAM(raw.orders)
                GROUP BY shop'''
            )
        """,
    ),
    (
        "SR-01",
        2,
        """
        options = {"subscribe": "orders", "failOnDataLoss": "false"}
        orders = spark.readStream.format("kafka").options(**options).load()
        """,
    ),
    (
        "RS-02",
        4,
        """
        BASE = "/tmp"
        orders = spark.readStream.table("raw.orders").writeStream
        orders.option("checkpointLocation", f"{BASE}/orders").toTable("orders")
        """,
    ),
    (
        "ST-03",
        3,
        """
        options = {"mergeSchema": "true"}
        spark.readStream.table("raw.orders").writeStream.options(**options).toTable("orders")
        """,
    ),
]
SQL = [
    ("SS-10", 3, "SELECT * FROM STREAM raw.orders\nORDER BY at"),
    ("SS-11", 3, "SELECT * FROM STREAM(raw.orders)\nQUALIFY row_number() OVER (ORDER BY at) = 1"),
]
WINDOW_OVER_A_TABLE = """
SELECT o.* FROM STREAM raw.orders AS o
JOIN (SELECT id, rank() OVER (ORDER BY n) AS r FROM raw.shops) AS s ON s.id = o.id
"""


def found(folder: Path, name: str, text: str, code: str) -> list[int]:
    (folder / name).write_text(text, encoding="utf-8")
    findings = check(read_project(folder), all_rules()).findings
    return [
        each.at.line - START.count("\n") * name.endswith("py")
        for each in findings
        if each.rule == code
    ]


@pytest.mark.parametrize(("code", "line", "text"), PYTHON, ids=[case[0] for case in PYTHON])
def test_python(tmp_path: Path, code: str, line: int, text: str) -> None:
    assert found(tmp_path, "pipeline.py", START + dedent(text), code) == [line]


@pytest.mark.parametrize(("code", "line", "query"), SQL, ids=[case[0] for case in SQL])
def test_sql(tmp_path: Path, code: str, line: int, query: str) -> None:
    text = f"CREATE STREAMING TABLE t (CONSTRAINT a EXPECT (id > 0)) AS\n{query}"
    assert found(tmp_path, "pipeline.sql", text, code) == [line]


def test_a_window_over_rows_that_do_not_stream(tmp_path: Path) -> None:
    header = "CREATE STREAMING TABLE t (CONSTRAINT a EXPECT (id > 0)) AS"
    text = header + WINDOW_OVER_A_TABLE
    assert found(tmp_path, "pipeline.sql", text, "SS-11") == []


def test_a_watermark_in_a_helper_is_one(tmp_path: Path) -> None:
    text = """
        def bounded(df):
            return df.withWatermark("at", "1 hour")

        @sdp.table
        @sdp.expect("has_id", "id IS NOT NULL")
        def orders():
            rows = bounded(spark.readStream.table("raw.orders"))
            return rows.groupBy(F.window("at", "1 hour")).count()
        """
    assert found(tmp_path, "pipeline.py", START + dedent(text), "SS-01") == []


def test_of_one_file_nothing_is_said_that_others_may_answer(tmp_path: Path) -> None:
    text = """
        @sdp.temporary_view
        def checked():
            return spark.readStream.table("raw.orders")

        @sdp.table
        @sdp.expect_or_drop("has_id", "id IS NOT NULL")
        def orders():
            return spark.readStream.table("raw.orders")
        """
    file = tmp_path / "pipeline.py"
    file.write_text(START + dedent(text))
    whole, alone = (check(read_project(each), all_rules()).findings for each in (tmp_path, file))
    assert {each.rule for each in whole} == {"GR-09", "EX-01"}
    assert alone == ()


def test_views_of_a_notebook_that_defines_no_table_are_its_own(tmp_path: Path) -> None:
    (tmp_path / "look.sql").write_text("CREATE TEMP VIEW recent AS SELECT * FROM raw.orders;")
    assert check(read_project(tmp_path), all_rules()).findings == ()
