"""What Spark lacks is written in its words; what it cannot do is refused at its word."""

from pathlib import Path

import pytest

from millpond.codes import (
    DATABRICKS_ONLY_FUNCTION,
    INVALID_ARGUMENT,
    PARSE_SYNTAX_ERROR,
    PIVOT_NOT_SUPPORTED,
)
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.dialect import translate
from millpond.sql.mapped import position, span

START = Span(Path("q.sql"), 3, 5)


def translated(query: str) -> str:
    return translate(query, lambda start, end: span(START, query, start, end))


@pytest.mark.parametrize(
    ("query", "spark"),
    [
        ("SELECT a?::INT", "SELECT try_cast(a AS INT)"),
        ("SELECT t.a?::DECIMAL(10, 2) AS x", "SELECT try_cast(t.a AS DECIMAL(10, 2)) AS x"),
        ("SELECT f(a, b) ?:: date, c", "SELECT try_cast(f(a, b)  AS  date), c"),
        ("SELECT (a + b)?::INT", "SELECT try_cast((a + b) AS INT)"),
        ("SELECT x IN (a)?::INT", "SELECT x IN try_cast((a) AS INT)"),
        (
            "SELECT a[0].b?::ARRAY<STRUCT<c: INT>>",
            "SELECT try_cast(a[0].b AS ARRAY<STRUCT<c: INT>>)",
        ),
        ("SELECT a?::STRING?::INT", "SELECT try_cast(try_cast(a AS STRING) AS INT)"),
        ("SELECT a::STRING?::INT + 1", "SELECT try_cast(a::STRING AS INT) + 1"),
        ("SELECT r:a.b?::INT", "SELECT try_cast(r:a.b AS INT)"),
        ("SELECT CASE WHEN a THEN b END?::INT", "SELECT try_cast(CASE WHEN a THEN b END AS INT)"),
        (
            "SELECT getdate(), IFF(a, b, c), charindex('x', y)",
            "SELECT now(), if(a, b, c), locate('x', y)",
        ),
        (
            "SELECT getdate, t.iff(1), 'a?::b', `pivot`(1)",
            "SELECT getdate, `t.iff`(1), 'a?::b', `pivot`(1)",
        ),
        (
            "SELECT main.gov.`mask`(a.b, gov.f(x)?::INT) FROM t, ml.score(t.a)",
            "SELECT `main.gov.mask`(a.b, try_cast(`gov.f`(x) AS INT)) FROM t, `ml.score`(t.a)",
        ),
        ("SELECT a, from FROM t", "SELECT a, from FROM t"),
        ("SELECT builtin.abs(1), a.b IN (1), c:d.e", "SELECT builtin.abs(1), a.b IN (1), c:d.e"),
    ],
)
def test_the_same_in_sparks_words(query, spark):
    assert translated(query) == spark


def test_a_place_in_the_translation_is_one_in_the_query():
    query = "SELECT a?::INT,\n missing"
    found = translated(query)
    at = position(START, found, found.index("missing"))
    assert (at.line, at.column) == (4, 2)


@pytest.mark.parametrize(
    ("query", "code", "column"),
    [
        ("SELECT * FROM t PIVOT (sum(a) FOR b IN (1))", PIVOT_NOT_SUPPORTED, 21),
        ("SELECT * FROM table_changes(concat('a', 'b'), 0)", INVALID_ARGUMENT, 19),
        ("SELECT * FROM table_changes('a')", INVALID_ARGUMENT, 19),
        ("SELECT a, b, FROM t", PARSE_SYNTAX_ERROR, 18),
        (
            "SELECT from_json(v, NULL, map('schemaLocationKey', 'k'))",
            DATABRICKS_ONLY_FUNCTION,
            35,
        ),
    ],
)
def test_what_cannot_be_had(query, code, column):
    with pytest.raises(MillpondError) as caught:
        translated(query)
    assert (caught.value.code, caught.value.at.column) == (code, column)
