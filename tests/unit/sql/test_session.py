"""SET and USE act on what follows in the file, and only there."""

import pytest

from millpond.codes import NOT_SUPPORTED_YET, PARSE_SYNTAX_ERROR

VIEW = "CREATE MATERIALIZED VIEW {} AS SELECT 1 AS one;"


@pytest.mark.parametrize(
    ("use", "name", "query_defaults"),
    [
        ("", ("v",), (None, None)),
        ("USE SCHEMA s;", ("s", "v"), (None, "s")),
        ("USE DATABASE s;", ("s", "v"), (None, "s")),
        ("USE s;", ("s", "v"), (None, "s")),
        ("USE c.s;", ("c", "s", "v"), ("c", "s")),
        ("USE SCHEMA c.s;", ("c", "s", "v"), ("c", "s")),
        ("USE CATALOG c;", ("c", "default", "v"), ("c", "default")),
        ("USE CATALOG 'c'; USE SCHEMA `s t`;", ("c", "s t", "v"), ("c", "s t")),
        ("SET CATALOG c;", ("c", "default", "v"), ("c", "default")),
        ("USE SCHEMA s; USE CATALOG c;", ("c", "default", "v"), ("c", "default")),
    ],
)
def test_use_qualifies_what_follows(use, name, query_defaults, load):
    defined = load(use + VIEW.format("v"))
    assert defined.dataset.name == name
    assert defined.flow.name == defined.flow.target == name
    assert (defined.flow.query.catalog, defined.flow.query.schema) == query_defaults


def test_names_that_say_more_keep_it(load):
    defined = load("USE c.s;" + "".join(VIEW.format(n) for n in ("a.b", "x.a.b", "LIVE.b")))
    assert [d.name for d in defined.datasets] == [("c", "a", "b"), ("x", "a", "b"), ("LIVE", "b")]


def test_a_temporary_view_belongs_to_no_schema(load):
    assert load("USE c.s; CREATE TEMPORARY VIEW v AS SELECT 1").dataset.name == ("v",)


def test_flows_find_their_target_by_the_schema_in_use(load):
    defined = load("USE SCHEMA s; CREATE FLOW f AS INSERT INTO t BY NAME SELECT * FROM STREAM u")
    assert defined.flow.name == ("f",)
    assert defined.flow.target == ("s", "t")


def test_set_reaches_the_flows_that_follow(load):
    defined = load(
        VIEW.format("a")
        + "SET spark.sql.shuffle.partitions=8; SET `pipelines.trigger.interval` = '1 minute';"
        + VIEW.format("b")
        + "SET spark.sql.shuffle.partitions = 9; SET TIME ZONE 'UTC';"
        + VIEW.format("c")
    )
    assert [dict(flow.spark_conf) for flow in defined.flows] == [
        {},
        {"spark.sql.shuffle.partitions": "8", "pipelines.trigger.interval": "1 minute"},
        {
            "spark.sql.shuffle.partitions": "9",
            "pipelines.trigger.interval": "1 minute",
            "spark.sql.session.timeZone": "UTC",
        },
    ]


@pytest.mark.parametrize(
    ("sql", "place"),
    [
        ("SET", "1:4"),
        ("SET key", "1:8"),
        ("USE", "1:4"),
        ("USE CATALOG a.b", "1:15"),
        ("USE a.b.c", "1:9"),
        ("USE SCHEMA s t", "1:14"),
        ("SET = 4", "1:5"),
    ],
)
def test_what_is_wrong_with_set_and_use(sql, place, fails):
    fails(sql, PARSE_SYNTAX_ERROR, place)


def test_session_variables_are_not_there_yet(fails):
    fails("SET VAR x = 1", NOT_SUPPORTED_YET, "1:1")
