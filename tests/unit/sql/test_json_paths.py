"""`column:path` on strings, as the extraction that Spark has."""

import pytest

from millpond.sql.json_paths import find_paths, on_strings


def rewritten(query: str, **how: bool) -> str:
    return on_strings(query, find_paths(query), **how)


@pytest.mark.parametrize(
    ("query", "spark"),
    [
        ("SELECT raw:owner FROM t", "SELECT get_json_object(raw, '$.owner') AS `owner` FROM t"),
        (
            "SELECT t.raw:a.b[0].c::DOUBLE FROM t",
            "SELECT get_json_object(t.raw, '$.a.b[0].c')::DOUBLE AS `c` FROM t",
        ),
        (
            "SELECT x, raw:['zip code'], raw:`fb:x`[*].y AS z FROM t",
            (
                r"SELECT x, get_json_object(raw, '$[\'zip code\']') AS `zip code`,"
                r" get_json_object(raw, '$[\'fb:x\'][*].y') AS z FROM t"
            ),
        ),
        (
            "SELECT upper(raw:a) FROM t WHERE raw:b = 'x' GROUP BY raw:c",
            (
                "SELECT upper(get_json_object(raw, '$.a')) FROM t"
                " WHERE get_json_object(raw, '$.b') = 'x' GROUP BY get_json_object(raw, '$.c')"
            ),
        ),
        (
            "SELECT value::STRING:id::BIGINT AS id FROM t",
            "SELECT get_json_object(value::STRING, '$.id')::BIGINT AS id FROM t",
        ),
        (
            "SELECT from_json(raw:a, 'x INT').x, CAST(b AS STRUCT<c: INT>) FROM t",
            (
                "SELECT from_json(get_json_object(raw, '$.a'), 'x INT').x,"
                " CAST(b AS STRUCT<c: INT>) FROM t"
            ),
        ),
        (
            "SELECT a FROM (SELECT raw:a FROM t) WHERE f(raw):x IS NULL",
            (
                "SELECT a FROM (SELECT get_json_object(raw, '$.a') AS `a` FROM t)"
                " WHERE get_json_object(f(raw), '$.x') IS NULL"
            ),
        ),
        ("SELECT 'a:b', 1 FROM t", "SELECT 'a:b', 1 FROM t"),
    ],
)
def test_extraction(query, spark):
    assert rewritten(query) == spark


def test_an_operand_of_any_type():
    assert rewritten("SELECT f(v:a) FROM t", any_type=True) == (
        "SELECT f(get_json_object(CAST(v AS STRING), '$.a')) FROM t"
    )


def test_paths_of_one_operand_are_known_by_it():
    operands = [path.operand for path in find_paths("SELECT t.Raw:a, t . raw:b, other:c")]
    assert operands == ["other", "t . raw", "t.raw"]
