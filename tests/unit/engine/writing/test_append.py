"""Streaming tables of aggregates: a batch replaces what it cannot append to."""

import pytest

pytestmark = pytest.mark.spark

SOURCE = """
CREATE STREAMING TABLE counted (CONSTRAINT many EXPECT (n > 1) ON VIOLATION DROP ROW)
AS SELECT k, count(*) AS n FROM STREAM delta.`{0}` GROUP BY k;
CREATE STREAMING TABLE distincts AS SELECT DISTINCT k FROM STREAM(delta.`{0}`);
CREATE STREAMING TABLE numbered (k STRING, s BIGINT, nr BIGINT GENERATED ALWAYS AS IDENTITY)
AS SELECT k, sum(v) AS s FROM STREAM delta.`{0}` GROUP BY k;
"""


def test_an_aggregate_without_a_watermark_is_of_all_rows_so_far(project):
    path = project.data("events", [("a", 1), ("a", 2), ("b", 3)], "k STRING, v BIGINT")
    files = {"q.sql": SOURCE.format(path)}
    assert project.run(files).errors == ()
    assert project.rows("SELECT k, n FROM counted") == [("a", 2)]
    project.data("events", [("b", 4), ("c", 5)], "k STRING, v BIGINT")
    assert project.run(files).errors == ()
    assert project.rows("SELECT k, n FROM counted") == [("a", 2), ("b", 2)]
    assert project.rows("SELECT k FROM distincts") == [("a",), ("b",), ("c",)]
    assert project.rows("SELECT k, s FROM numbered") == [("a", 3), ("b", 7), ("c", 5)]


def test_of_two_flows_into_a_table_none_may_replace_the_others_rows(project):
    path = project.data("events", [("a", 1)], "k STRING, v BIGINT")
    flow = f"INSERT INTO t BY NAME SELECT k, count(*) AS n FROM STREAM delta.`{path}` GROUP BY k;"
    flows = f"CREATE FLOW f AS {flow} CREATE FLOW g AS {flow}"
    summary = project.run({"q.sql": f"CREATE STREAMING TABLE t; {flows}"})
    assert {error.code for error in summary.errors} == {"QUERY_NOT_VALID"}
