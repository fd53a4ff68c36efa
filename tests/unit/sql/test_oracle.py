"""sqlfluff, which parses the whole of Databricks' SQL, sees the same tables in a query."""

import re

import pytest

from millpond.sql.references import find

QUERIES = [
    "SELECT a.x, b.y FROM cat.sch.a AS a JOIN sch.b AS b ON a.id = b.id",
    "SELECT * FROM a, b WHERE a.id IN (SELECT id FROM c WHERE c.x = a.x)",
    "WITH p AS (SELECT * FROM a), q AS (SELECT * FROM p JOIN b USING (id)) SELECT * FROM q",
    "WITH a AS (SELECT * FROM s.a) SELECT * FROM a UNION ALL SELECT * FROM s.b",
    "SELECT * FROM (SELECT * FROM a WHERE x > 1) AS t LEFT ANTI JOIN b ON t.id = b.id",
    "SELECT id, row_number() OVER (PARTITION BY a, b ORDER BY c) AS n FROM t QUALIFY n = 1",
    "SELECT EXTRACT(YEAR FROM ts) AS y, count(*) FROM t GROUP BY EXTRACT(YEAR FROM ts)",
    "SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.id = a.id) AND x IS DISTINCT FROM y",
    "SELECT t.id, e.k FROM t LATERAL VIEW explode(t.m) e AS k, v",
    "SELECT * FROM a EXCEPT SELECT * FROM b INTERSECT SELECT * FROM c",
    "SELECT CASE WHEN x THEN (SELECT max(y) FROM b) ELSE 0 END AS z FROM a ORDER BY z, x",
    "SELECT * FROM a CROSS JOIN b FULL OUTER JOIN c ON a.x = c.x WHERE a.y BETWEEN 1 AND 2",
    "SELECT window(ts, '5 minutes').start AS s, sum(v) FROM t GROUP BY window(ts, '5 minutes')",
    "SELECT * FROM VALUES (1, 2), (3, 4) AS v(a, b)",
    "SELECT date_trunc('DAY', at) AS d, a.`b c`.d FROM `x y`.`z` AS a GROUP BY ALL",
]


@pytest.fixture(scope="module")
def oracle():
    sqlfluff = pytest.importorskip("sqlfluff")

    def tables(query: str) -> list[str]:
        tree = sqlfluff.parse(query, dialect="databricks")
        return sorted(_tables(tree))

    return tables


def _tables(node, name: str = "") -> list[str]:
    if isinstance(node, list):
        return [found for part in node for found in _tables(part)]
    if not isinstance(node, dict):
        return []
    found = []
    for key, value in node.items():
        if key in ("table_reference", "file_reference"):
            found.append(_text(value))
        else:
            found += _tables(value)
    return found


def _text(node) -> str:
    if isinstance(node, str):
        return node
    parts = node if isinstance(node, list) else list(node.values())
    return "".join(_text(part) for part in parts)


@pytest.mark.parametrize("query", QUERIES)
def test_the_tables_of_a_query(query, oracle):
    ours = [query[reference.start : reference.end] for reference in find(query)]
    common = {name.lower() for name in re.findall(r"(\w+) AS \(", query)}
    theirs = [name for name in oracle(query) if name.lower() not in common]
    assert sorted(ours) == theirs
