"""Flows in statements of their own and within their table's."""

import pytest

from millpond.codes import PARSE_SYNTAX_ERROR
from millpond.definitions import FlowKind

QUERY = "SELECT * FROM STREAM s"


@pytest.mark.parametrize(
    ("insert", "once"),
    [("INSERT INTO", False), ("INSERT ONCE INTO", True), ("INSERT INTO ONCE", True)],
)
def test_both_word_orders_of_once(insert, once, load):
    flow = load(f"CREATE FLOW f COMMENT 'why' AS {insert} a.t BY NAME {QUERY}").flow
    assert (flow.name, flow.target, flow.kind) == (("f",), ("a", "t"), FlowKind.APPEND)
    assert (flow.once, flow.comment, flow.query.text) == (once, "why", QUERY)
    assert (flow.at.line, flow.at.column) == (1, 13)


@pytest.mark.parametrize(("insert", "once"), [("INSERT", False), ("INSERT ONCE", True)])
def test_a_flow_within_its_table(insert, once, load):
    defined = load(f"CREATE STREAMING TABLE t (a INT) COMMENT 'c' FLOW {insert} BY NAME {QUERY}")
    assert defined.flow.name == defined.flow.target == defined.dataset.name == ("t",)
    assert (defined.flow.once, defined.flow.query.text) == (once, QUERY)


@pytest.mark.parametrize(
    ("sql", "column"),
    [
        ("CREATE FLOW AS INSERT INTO t BY NAME SELECT 1", 16),
        ("CREATE FLOW f INSERT INTO t BY NAME SELECT 1", 15),
        ("CREATE FLOW f AS INSERT t BY NAME SELECT 1", 25),
        ("CREATE FLOW f AS INSERT INTO t SELECT 1", 32),
        ("CREATE FLOW f AS INSERT INTO t BY NAME", 39),
        ("CREATE FLOW f AS SELECT 1", 18),
        ("CREATE STREAMING TABLE t FLOW SELECT 1", 31),
        ("CREATE STREAMING TABLE t FLOW INSERT INTO x BY NAME SELECT 1", 38),
    ],
)
def test_what_is_wrong_in_a_flow(sql, column, fails):
    fails(sql, PARSE_SYNTAX_ERROR, f"1:{column}")


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        (
            "CREATE STREAMING TABLE t FLOW REPLACE WHERE d = '1' AND e BY NAME SELECT 1",
            "d = '1' AND e",
        ),
        ("CREATE STREAMING TABLE t FLOW REPLACE WHERE (a OR b) BY NAME (SELECT 1)", "(a OR b)"),
        ("CREATE FLOW t AS INSERT INTO t BY NAME REPLACE WHERE d > 1 SELECT 1", "d > 1"),
        (
            "CREATE FLOW t AS INSERT INTO t BY NAME REPLACE WHERE d > 1 FROM q",
            "d > 1",
        ),
    ],
)
def test_a_flow_that_replaces_where(sql, where, load):
    flow = load(sql).flow
    assert (flow.kind, flow.replace_where) == (FlowKind.REPLACE_WHERE, where)
    assert sql.endswith(flow.query.text)
    assert flow.query.at.column == len(sql) - len(flow.query.text) + 1


@pytest.mark.parametrize(
    "sql",
    [
        f"CREATE STREAMING TABLE t FLOW REPLACE USING (a, `b c`) SEQUENCE BY s BY NAME {QUERY}",
        f"CREATE FLOW f AS INSERT INTO t BY NAME REPLACE USING (a, `b c`) SEQUENCE BY s {QUERY}",
    ],
)
def test_a_flow_that_replaces_using(sql, load):
    flow = load(sql).flow
    assert (flow.kind, flow.replace_using, flow.sequence_by, flow.query.text) == (
        FlowKind.REPLACE_USING,
        ("a", "b c"),
        "s",
        QUERY,
    )


@pytest.mark.parametrize(
    ("sql", "column"),
    [
        (
            "CREATE FLOW f AS INSERT ONCE INTO t BY NAME REPLACE USING (a) SEQUENCE BY b SELECT 1",
            45,
        ),
        ("CREATE FLOW f AS INSERT INTO t BY NAME REPLACE USNG (a) SEQUENCE BY b SELECT 1", 48),
        ("CREATE FLOW f AS INSERT INTO t BY NAME REPLACE USING (a) SELECT 1", 58),
        ("CREATE FLOW f AS INSERT INTO t BY NAME REPLACE WHERE SELECT 1", 62),
        ("CREATE STREAMING TABLE t FLOW REPLACE WHERE BY NAME SELECT 1", 45),
        ("CREATE STREAMING TABLE t FLOW REPLACE WHERE a = 1 SELECT 1", 51),
        ("CREATE STREAMING TABLE t FLOW REPLACE INTO a = 1 BY NAME SELECT 1", 39),
    ],
)
def test_what_is_wrong_in_a_flow_that_replaces(sql, column, fails):
    fails(sql, PARSE_SYNTAX_ERROR, f"1:{column}")
