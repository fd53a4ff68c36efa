"""Generated columns, defaults and identity columns through whole updates (reference 1.3, 2.1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

pytestmark = pytest.mark.spark

PYTHON = '''
    from pyspark import pipelines as dp

    dp.create_streaming_table(
        "numbered",
        schema="""
            id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 10),
            n INT NOT NULL COMMENT 'given',
            twice BIGINT GENERATED ALWAYS AS (n * 2),
            state STRING DEFAULT 'new',
            CONSTRAINT pk PRIMARY KEY (id)
        """,
        expect_all_or_drop={{"small": "twice < 100", "has n": "n IS NOT NULL"}},
    )

    @dp.append_flow(target="numbered")
    def plain():
        return spark.readStream.format("delta").load("{path}")

    @dp.append_flow(target="numbered", once=True)
    def old():
        return spark.sql("SELECT 40 AS n, 'old' AS state")

    @dp.materialized_view
    def ids():
        return spark.read.table("numbered").selectExpr("count(DISTINCT id) AS n", "min(id) AS low")
'''

SQL = """
    CREATE OR REFRESH STREAMING TABLE events (
      body STRING,
      ts TIMESTAMP,
      day DATE GENERATED ALWAYS AS (CAST(ts AS DATE)) COMMENT 'of the event',
      kind STRING GENERATED ALWAYS AS (body:kind),
      number INT GENERATED ALWAYS AS (body:number?::INT),
      CONSTRAINT known EXPECT (body:kind = 'a' OR kind = 'b') ON VIOLATION DROP ROW,
      CONSTRAINT numeric EXPECT (body:number?::INT IS NOT NULL)
    )
    PARTITIONED BY (day)
    AS SELECT * FROM STREAM delta.`{path}`;

    CREATE OR REFRESH MATERIALIZED VIEW by_day (
      day DATE, n BIGINT NOT NULL, label STRING GENERATED ALWAYS AS (concat(day, ':', n))
    ) AS SELECT day, count(*) AS n FROM events e GROUP BY day;
"""


def test_python(project: Any) -> None:
    path = project.data("in", [(1,), (2,), (70,), (None,)], "n INT")
    summary = project.run(PYTHON.format(path=path))
    assert summary.errors == ()
    [table, _] = summary.datasets
    assert (table.rows_written, table.rows_dropped) == (3, 2)
    rows = [(1, 2, "new"), (2, 4, "new"), (40, 80, "old")]
    assert project.rows("SELECT n, twice, state FROM numbered") == rows
    project.data("in", [(3,)], "n INT")
    assert project.run(PYTHON.format(path=path)).errors == ()
    [(count, low)] = project.rows("SELECT * FROM ids")
    assert (count, low % 10, low >= 100) == (4, 0, True)


def test_sql(project: Any) -> None:
    rows = [
        ('{"kind": "a", "number": "1"}', datetime(2026, 1, 2, 3)),
        ('{"kind": "b", "number": "x"}', datetime(2026, 1, 2, 4)),
        ('{"kind": "c"}', datetime(2026, 1, 3)),
    ]
    path = project.data("in", rows, "body STRING, ts TIMESTAMP")
    summary = project.run({"pipeline.sql": SQL.format(path=path)})
    assert summary.errors == ()
    day = date(2026, 1, 2)
    assert project.rows("SELECT day, kind, number FROM events") == [(day, "a", 1), (day, "b", None)]
    assert project.rows("SELECT * FROM by_day") == [(day, 2, "2026-01-02:2")]
    counts = {e.name: (e.passed, e.failed) for e in summary.datasets[0].expectations}
    assert counts == {"known": (2, 1), "numeric": (1, 2)}


MISTAKES = """\
CREATE MATERIALIZED VIEW a (n INT, id BIGINT GENERATED ALWAYS AS IDENTITY) AS SELECT 1 AS n;
CREATE MATERIALIZED VIEW b (n INT, m INT DEFAULT 1) AS SELECT 1 AS n;
CREATE STREAMING TABLE c (n BIGINT, id INT GENERATED ALWAYS AS IDENTITY) AS SELECT * FROM STREAM i;
CREATE STREAMING TABLE d (n BIGINT, m INT GENERATED ALWAYS AS (nn + 1)) AS SELECT * FROM STREAM i;
CREATE STREAMING TABLE e (n BIGINT, m INT GENERATED ALWAYS AS (n + 1)) AS SELECT * FROM STREAM i;
CREATE STREAMING TABLE f (n BIGINT, m BIGINT DEFAULT n) AS SELECT * FROM STREAM i;
CREATE STREAMING TABLE g (n BIGINT, m BIGINT GENERATED ALWAYS AS (n)) AS SELECT * FROM STREAM i;
CREATE STREAMING TABLE h (m BIGINT, k BIGINT GENERATED ALWAYS AS (m + l),
  l BIGINT GENERATED ALWAYS AS (m)) AS SELECT n AS m FROM STREAM i;
CREATE TEMPORARY VIEW i AS SELECT * FROM STREAM delta.`{path}`;
"""


def test_what_a_table_cannot_have_is_told_at_its_clause(project: Any) -> None:
    path = project.data("in", [(1,)], "n BIGINT")
    errors = project.run({"pipeline.sql": MISTAKES.format(path=path)}).errors
    assert {error.code for error in errors} == {"COMPUTED_COLUMN_NOT_VALID"}
    lines = MISTAKES.splitlines()
    found = [(e.at.line, lines[e.at.line - 1][e.at.column - 1 :].split()[0]) for e in errors]
    words = ["GENERATED", "DEFAULT", "GENERATED", "nn", "GENERATED", "n)"]
    assert found == [*enumerate(words, 1), (8, "l),")]
    assert "a materialized view has none" in errors[0].message
    assert "its type is not BIGINT" in errors[2].message
    assert "the expression is bigint, the column int" in errors[4].message


def test_an_identity_that_the_query_gives(project: Any) -> None:
    path = project.data("in", [(7,)], "id BIGINT")
    source = """
        import dlt

        @dlt.table(schema="id BIGINT GENERATED {kind} AS IDENTITY")
        def t():
            return spark.readStream.format("delta").load("{path}")
    """
    [error] = project.run(source.format(path=path, kind="ALWAYS")).errors
    assert (error.code, error.at.line) == ("SCHEMA_MISMATCH", 3)
    assert project.run(source.format(path=path, kind="BY DEFAULT")).errors == ()
    assert project.rows("SELECT id FROM t") == [(7,)]


def test_a_generated_value_that_the_query_gives_has_to_be_right(project: Any) -> None:
    path = project.data("in", [(7, 8)], "a INT, b INT")
    source = """
        import dlt

        @dlt.table(schema="a INT, b INT GENERATED ALWAYS AS (a + {plus})")
        def t():
            return spark.readStream.format("delta").load("{path}")
    """
    [error] = project.run(source.format(path=path, plus=2)).errors
    assert (error.code, "generated column b" in error.message) == ("FLOW_FAILED", True)
    assert project.run(source.format(path=path, plus=1)).errors == ()
    assert project.rows("SELECT * FROM t") == [(7, 8)]
