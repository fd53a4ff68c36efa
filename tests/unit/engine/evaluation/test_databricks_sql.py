"""Databricks' SQL that Spark lacks, run to its answer or refused at its word."""

import pytest

from millpond import codes

pytestmark = pytest.mark.spark

RAW = """
CREATE MATERIALIZED VIEW raw AS SELECT
  '{"owner": "amy", "store": {"fruit": [{"w": 8}, {"w": 9}], "zip code": "94025"}}' AS doc,
  parse_json('{"owner": "bob", "n": [1, 2]}') AS var, 'x1' AS txt;
"""


def errors(project, query: str):
    summary = project.run({"q.sql": f"{RAW}\nCREATE MATERIALIZED VIEW q AS\n{query};"})
    assert summary.state == "FAILED"
    return summary.errors


def test_paths_into_strings_and_variants_and_casts_that_do_not_fail(project):
    query = """CREATE MATERIALIZED VIEW strings AS
      SELECT doc:owner, r.doc:store.fruit[1].w::INT, doc:store["zip code"] AS zip,
        doc:none FROM raw r;
    CREATE MATERIALIZED VIEW variants AS SELECT var:owner::STRING, var:n[0]::INT AS n FROM raw;
    CREATE MATERIALIZED VIEW both AS SELECT doc:owner AS d, var:owner::STRING AS v FROM raw;
    CREATE MATERIALIZED VIEW casts AS SELECT txt?::INT AS i, iff(txt = 'x1', 1, 2) AS f FROM raw
      QUALIFY row_number() OVER (ORDER BY txt) = 1;"""
    assert project.run({"q.sql": RAW + query}).state == "COMPLETED"
    assert project.rows("SELECT owner, w, zip, none FROM strings") == [("amy", 9, "94025", None)]
    assert project.rows("SELECT owner, n FROM variants") == [("bob", 1)]
    assert project.rows("SELECT d, v FROM both") == [("amy", "bob")]
    assert project.rows("SELECT i, f FROM casts") == [(None, 1)]


def test_what_exists_on_databricks_only_is_named_at_its_place(project):
    (error,) = errors(project, "SELECT txt,\n  ai_classify(txt, array('a')) FROM raw")
    assert error.code == codes.DATABRICKS_ONLY_FUNCTION.name
    assert (error.at.line, error.at.column) == (7, 3)
    (error,) = errors(project, "SELECT * FROM read_pubsub('1')")
    assert error.code == codes.DATABRICKS_ONLY_FUNCTION.name
    (error,) = errors(project, "SELECT * FROM raw PIVOT (max(txt) FOR txt IN ('x1'))")
    assert (error.code, error.at.line, error.at.column) == (codes.PIVOT_NOT_SUPPORTED.name, 6, 19)


def test_an_older_version_of_a_table(project):
    first = "CREATE MATERIALIZED VIEW t AS SELECT {} AS one;"
    project.run({"q.sql": first.format(1)})
    query = "CREATE MATERIALIZED VIEW old AS SELECT a.one AS a, b.one AS b"
    query += " FROM t@v0 a, t VERSION AS OF 0 AS b;"
    assert project.run({"q.sql": first.format(2) + query}).state == "COMPLETED"
    assert project.rows("SELECT * FROM old") == [(1, 1)]


def test_a_published_view_may_not_stream(project):
    summary = project.run(
        {
            "q.sql": f"{RAW}CREATE VIEW s.v AS SELECT * FROM STREAM raw;"
            "CREATE MATERIALIZED VIEW z AS SELECT * FROM s.v"
        }
    )
    (error,) = summary.errors
    assert error.code == codes.STREAMING_RELATION_FOR_PERSISTED_VIEW.name


def test_a_published_view_is_read_by_its_name(project):
    views = "CREATE VIEW s.v (x COMMENT 'what') AS SELECT txt FROM raw;"
    assert (
        project.run(
            {"q.sql": RAW + views + "CREATE MATERIALIZED VIEW z AS SELECT x FROM s.v"}
        ).state
        == "COMPLETED"
    )
    assert project.rows("SELECT x FROM z") == [("x1",)]
