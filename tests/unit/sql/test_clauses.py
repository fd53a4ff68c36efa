"""Clauses come in any order, once each; what has no effect locally is reported."""

import itertools

import pytest

from millpond.codes import (
    DUPLICATE_CLAUSES,
    NOT_SUPPORTED_YET,
    PARSE_SYNTAX_ERROR,
    SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED,
)

CLAUSES = (
    "COMMENT 'c'",
    "TBLPROPERTIES ('quality' = 'gold')",
    "PARTITIONED BY (d)",
    "USING DELTA",
)


def view(clauses: str) -> str:
    return f"CREATE MATERIALIZED VIEW v {clauses} AS SELECT 1 AS d"


@pytest.mark.parametrize(
    "order", list(itertools.permutations(CLAUSES)), ids=lambda o: " ".join(o)[:30]
)
def test_any_order(order, load):
    dataset = load(view(" ".join(order))).dataset
    assert dataset.comment == "c"
    assert dataset.table_properties == {"quality": "gold"}
    assert dataset.partition_by == ("d",)


@pytest.mark.parametrize(
    ("written", "properties"),
    [
        ("'a' = 'b'", {"a": "b"}),
        ('"a" = "b", c.d = 5', {"a": "b", "c.d": "5"}),
        ("delta.appendOnly = true, n = -1.5", {"delta.appendOnly": "true", "n": "-1.5"}),
        ("'a' 'b'", {"a": "b"}),
        ("`a.b`.c = FALSE", {"a.b.c": "false"}),
    ],
)
def test_properties(written, properties, load):
    assert load(view(f"TBLPROPERTIES ({written})")).dataset.table_properties == properties


def test_a_comment_of_adjacent_strings(load):
    assert load(view("COMMENT 'it''s ' \"one\"")).dataset.comment == "it's one"


@pytest.mark.parametrize(
    ("clause", "columns"),
    [("CLUSTER BY (a, b.c)", ("a", "b.c")), ("CLUSTER BY NONE", ()), ("CLUSTER BY AUTO", ())],
)
def test_cluster_by(clause, columns, load):
    assert load(view(clause)).dataset.cluster_by == columns


@pytest.mark.parametrize(
    ("clause", "feature"),
    [
        ("CLUSTER BY AUTO", "CLUSTER BY AUTO"),
        ("LOCATION 's3://b/p'", "LOCATION"),
        ("WITH ROW FILTER a.f ON (x)", "WITH ROW FILTER"),
        ("REFRESH POLICY INCREMENTAL STRICT", "REFRESH POLICY"),
        ("DEFAULT COLLATION UTF8_BINARY", "DEFAULT COLLATION"),
        ("SCHEDULE CRON '0 0 * * * ?' AT TIME ZONE 'UTC'", "SCHEDULE"),
        ("SCHEDULE EVERY 2 HOURS", "SCHEDULE"),
        ("TRIGGER ON UPDATE AT MOST EVERY INTERVAL 1 HOUR", "TRIGGER ON UPDATE"),
    ],
)
def test_what_has_no_effect_locally_is_reported_with_its_place(clause, feature, load):
    (difference,) = load(view(clause)).differences
    assert difference.feature.name == feature
    assert difference.at.column == 28
    assert difference.at.end_column == 28 + len(clause)


@pytest.mark.parametrize(
    ("clauses", "column", "hint"),
    [
        ("COMENT 'x'", 28, "Did you mean COMMENT?"),
        ("COMMENT x", 36, None),
        ("TBLPROPERTIE ('a'='b')", 28, "Did you mean TBLPROPERTIES?"),
        ("TBLPROPERTIES ('a'=)", 47, None),
        ("TBLPROPERTIES ('a'='b'", 51, None),
        ("PARTITIONED (d)", 40, None),
        ("PARTITIONED BY d", 43, None),
        ("PARTITIONED BY (days(d))", 48, None),
        ("CLUSTER BY AUTOS", 39, "Did you mean AUTO?"),
        ("USING PARQUET", 34, None),
        ("ROW FILTR a", 32, "Did you mean FILTER?"),
    ],
)
def test_what_is_wrong_in_a_clause(clauses, column, hint, fails):
    error = fails(view(clauses), PARSE_SYNTAX_ERROR, f"1:{column}")
    assert hint is None or error.hint == hint


def test_a_clause_given_twice(fails):
    error = fails(view("COMMENT 'a' USING DELTA COMMENT 'b'"), DUPLICATE_CLAUSES, "1:52")
    assert error.params == {"clause": "COMMENT"}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_partitions_and_clusters_exclude_each_other(order, fails):
    clauses = ("PARTITIONED BY (a)", "CLUSTER BY (b)")
    first, second = (clauses[i] for i in order)
    code = SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED
    fails(view(f"{first} {second}"), code, f"1:{28 + len(first) + 1}")


def test_iceberg_is_not_there_yet(fails):
    fails(view("USING ICEBERG"), NOT_SUPPORTED_YET, "1:28")
