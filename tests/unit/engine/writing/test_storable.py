"""Columns that a table cannot hold stop an update before any row is written."""

import pytest

pytestmark = pytest.mark.spark

SOURCE = """
CREATE MATERIALIZED VIEW spaced AS SELECT 1 AS id, 2 AS `my col`;
CREATE MATERIALIZED VIEW unnamed AS SELECT count(*), 1 AS one;
CREATE MATERIALIZED VIEW twice AS SELECT 1 AS id, 2 AS ID;
CREATE MATERIALIZED VIEW spans AS SELECT INTERVAL 1 DAY AS s;
CREATE MATERIALIZED VIEW within AS SELECT array(named_struct('a', TIME'10:00:00')) AS w;
CREATE MATERIALIZED VIEW good TBLPROPERTIES ('delta.columnMapping.mode' = 'name')
AS SELECT 1 AS `my col`;
CREATE TEMPORARY VIEW any AS SELECT 1 AS `a b`, 2 AS `a b`;
"""


def test_columns_that_delta_does_not_store(project):
    summary = project.run({"q.sql": SOURCE})
    assert {error.code for error in summary.errors} == {"COLUMN_NOT_STORED"}
    found = [
        (error.at.line, error.at.column, error.message.split("'")[1]) for error in summary.errors
    ]
    assert found == [
        (1, 58, "my col"),
        (2, 26, "count(1)"),
        (3, 56, "ID"),
        (4, 60, "s"),
        (5, 63, "a"),
    ]


def test_columns_of_bounded_strings(project):
    source = """CREATE MATERIALIZED VIEW t (a VARCHAR(3) COMMENT 'x', c CHAR(2)) AS
    SELECT {} AS a, 'y' AS c;"""
    assert project.run({"q.sql": source.format("'abc'")}).errors == ()
    assert project.rows("SELECT a, c FROM t WHERE c = 'y'") == [("abc", "y ")]
    (error,) = project.run({"q.sql": source.format("'abcd'")}).errors
    assert "exceeds char/varchar type length" in error.message
