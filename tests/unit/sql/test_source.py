"""A file is read in order; what defines nothing is a mistake, except in a notebook."""

from pathlib import Path

import pytest

from millpond.codes import (
    NOT_SUPPORTED_YET,
    PARSE_SYNTAX_ERROR,
    SQL_SOURCE_UNREADABLE,
    SQL_STATEMENT_WITHOUT_DEFINITION,
)
from millpond.errors import MillpondError
from millpond.sql.source import source_text


def test_definitions_come_in_the_order_of_the_file(load):
    defined = load(
        "CREATE STREAMING TABLE b; CREATE MATERIALIZED VIEW a AS SELECT 1 AS one;\n"
        "CREATE FLOW f AS INSERT INTO b BY NAME SELECT * FROM STREAM s;"
    )
    assert [dataset.name for dataset in defined.datasets] == [("b",), ("a",)]
    assert [flow.name for flow in defined.flows] == [("a",), ("f",)]


@pytest.mark.parametrize("text", ["", "-- only a comment", "\ufeff-- marked\n;"])
def test_a_file_may_define_nothing(text, load):
    assert load(text).datasets == []


def test_a_byte_order_mark_moves_nothing(load):
    defined = load("\ufeffCREATE STREAMING TABLE t")
    assert (defined.dataset.at.line, defined.dataset.at.column) == (1, 24)


@pytest.mark.parametrize(
    ("sql", "statement"),
    [
        ("SELECT 1", "a query"),
        ("WITH a AS (SELECT 1) SELECT * FROM a", "a query"),
        ("SHOW TABLES", "SHOW"),
        ("DESCRIBE t", "DESCRIBE"),
        ("(SELECT 1)", "a query"),
    ],
)
def test_a_query_alone_defines_nothing(sql, statement, fails, load):
    error = fails(f"\n{sql}", SQL_STATEMENT_WITHOUT_DEFINITION, "2:1")
    assert error.params == {"statement": statement}
    defined = load(f"\n{sql}", notebook=True)
    assert [difference.at.line for difference in defined.differences] == [2]


@pytest.mark.parametrize("verb", ["INSERT INTO t VALUES (1)", "DROP TABLE t", "OPTIMIZE t"])
def test_statements_that_change_something_define_nothing(verb, fails):
    error = fails(verb, SQL_STATEMENT_WITHOUT_DEFINITION, "1:1")
    assert error.params["statement"] == verb.split()[0]


def test_statements_that_a_pipeline_has_another_way_for_say_which(fails):
    assert "${key}" in fails("DECLARE x INT", SQL_STATEMENT_WITHOUT_DEFINITION, "1:1").hint
    assert "AUTO CDC" in fails("MERGE INTO t", SQL_STATEMENT_WITHOUT_DEFINITION, "1:1").hint
    assert "udf.register" in fails("CREATE FUNCTION f", NOT_SUPPORTED_YET, "1:8").hint
    auto_cdc = "CREATE STREAMING TABLE t AS AUTO CDC INTO t"
    assert "CREATE FLOW" in fails(auto_cdc, PARSE_SYNTAX_ERROR, "1:29").hint
    assert "backticks" in fails("CREATE LIVE TABLE my-t", PARSE_SYNTAX_ERROR, "1:21").hint
    assert "MATERIALIZED VIEW" in fails("CREATE TABLE t AS SELECT", PARSE_SYNTAX_ERROR, "1:16").hint


@pytest.mark.parametrize("sql", ["1", "'x'", ")", "`CREATE` x", "{{ jinja }}", "CRETE x"])
def test_anything_else_is_not_a_statement(sql, fails):
    fails(sql, PARSE_SYNTAX_ERROR, "1:1")


def test_text_that_is_not_utf8(tmp_path: Path):
    file = tmp_path / "latin.sql"
    file.write_bytes("-- caf\xe9".encode("latin-1"))
    with pytest.raises(MillpondError) as caught:
        source_text(file)
    assert caught.value.code == SQL_SOURCE_UNREADABLE
    with pytest.raises(MillpondError) as caught:
        source_text(tmp_path / "absent.sql")
    assert caught.value.code == SQL_SOURCE_UNREADABLE
