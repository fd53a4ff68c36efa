"""`:name` stands for a parameter's value; `column:path` does not."""

from pathlib import Path

import pytest

from millpond.codes import SQL_PARAMETER_MISSING
from millpond.sql.parameters import parameterized
from millpond.sql.statements import split

VIEW = "CREATE MATERIALIZED VIEW v AS SELECT "


@pytest.mark.parametrize(
    ("query", "read"),
    [
        (":a", "'x'"),
        ("1 WHERE b = :a", "1 WHERE b = 'x'"),
        ("f(:a, c:a)", "f('x', c:a)"),
        ("c :a", "c :a"),
        ("t.c:a[0]:a", "t.c:a[0]:a"),
        ("':a', b -- :a", "':a', b"),
        ("c::STRING LIKE :a", "c::STRING LIKE 'x'"),
        (":`k.e-y`", r"'it\'s'"),
    ],
)
def test_where_a_parameter_stands(query, read, load):
    assert load(VIEW + query, {"a": "x", "k.e-y": "it's"}).query == f"SELECT {read}"


def test_a_parameter_names_a_dataset_and_what_it_reads(load):
    sql = "CREATE MATERIALIZED VIEW IDENTIFIER(:s || '.t') AS SELECT * FROM IDENTIFIER(:s || '.u')"
    defined = load(sql, {"s": "gold"})
    assert defined.dataset.name == ("gold", "t")
    assert defined.query.endswith("IDENTIFIER('gold' || '.u')")


def test_a_parameter_hides_a_setting_of_the_same_name():
    statement = split("SELECT :a", Path("p.sql"))[0]
    found = parameterized(statement, {"a": "a parameter"}, {"a": "a setting"})
    assert found.text == "SELECT 'a parameter'"


def test_a_parameter_without_a_value(fails):
    error = fails(f"{VIEW}1,\n  :catalg", SQL_PARAMETER_MISSING, "2:3", catalog="main")
    assert error.hint == "Did you mean :catalog?"
