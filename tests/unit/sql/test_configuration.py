"""`${key}` is text from the configuration, everywhere but in comments."""

import pytest

from millpond.codes import PARSE_SYNTAX_ERROR, SQL_CONFIGURATION_MISSING
from millpond.sql.rewrite import position

CONFIGURATION = {"schema": "silver", "my.path": "/data/in", "rule": "x > 0 AND y < 10"}


def test_names_strings_and_conditions_are_substituted(load):
    defined = load(
        "CREATE STREAMING TABLE ${schema}.t (CONSTRAINT c EXPECT (${rule}))\n"
        "AS SELECT '${my.path}/x' AS p /* ${unknown} */ FROM STREAM ${ schema }.u -- ${unknown}",
        CONFIGURATION,
    )
    assert defined.dataset.name == ("silver", "t")
    assert defined.dataset.expectations[0].condition == "x > 0 AND y < 10"
    assert "'/data/in/x'" in defined.query
    assert defined.query.endswith("FROM STREAM silver.u")


def test_places_behind_a_substitution_are_those_of_the_file(load, fails):
    sql = "CREATE STREAMING TABLE ${schema}.t AS SELECT ${rule}, oops FROM STREAM u"
    query = load(sql, CONFIGURATION).flow.query
    at = position(query.at, query.text, query.text.index("oops"))
    assert (at.line, at.column) == (1, sql.index("oops") + 1)
    assert (query.at.line, query.at.column) == (1, sql.index("SELECT") + 1)
    wrong = "CREATE STREAMING TABLE ${schema}.t COMENT 'x' AS SELECT 1"
    fails(wrong, PARSE_SYNTAX_ERROR, f"1:{wrong.index('COMENT') + 1}", schema="a_long_schema")


def test_a_whole_query_from_the_configuration(load):
    defined = load("CREATE MATERIALIZED VIEW v AS ${q}", {"q": "SELECT 1 AS one"})
    assert defined.query == "SELECT 1 AS one"
    assert (defined.flow.query.at.line, defined.flow.query.at.column) == (1, 31)


def test_a_missing_key_is_an_error_at_its_place_with_the_nearest_one(fails):
    error = fails(
        "CREATE MATERIALIZED VIEW v\nAS SELECT '${my.paht}'",
        SQL_CONFIGURATION_MISSING,
        "2:12",
        **CONFIGURATION,
    )
    assert error.params == {"key": "my.paht"}
    assert error.hint == "Did you mean my.path?"
    assert error.at.end_column == 22


@pytest.mark.parametrize("value", ["'2024-01-01'", "1 + 1"])
def test_what_set_gives_can_be_substituted_as_it_was_written(value, load):
    defined = load(f"SET start = {value};\nCREATE MATERIALIZED VIEW v AS SELECT ${{start}} AS s")
    assert defined.query == f"SELECT {value} AS s"
