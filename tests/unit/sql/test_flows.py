"""Flows in statements of their own and within their table's."""

import pytest

from millpond.codes import NOT_SUPPORTED_YET, PARSE_SYNTAX_ERROR
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
    ("sql", "column"),
    [
        ("CREATE FLOW f AS AUTO CDC INTO t FROM STREAM s KEYS (a) SEQUENCE BY b", 18),
        ("CREATE FLOW f AS APPLY CHANGES INTO t FROM STREAM s KEYS (a) SEQUENCE BY b", 18),
        ("CREATE STREAMING TABLE t FLOW AUTO CDC FROM STREAM s KEYS (a) SEQUENCE BY b", 31),
        ("CREATE FLOW f AS INSERT INTO t BY NAME REPLACE WHERE a > 1 SELECT 1", 40),
        ("CREATE STREAMING TABLE t FLOW REPLACE USING (a) SEQUENCE BY b BY NAME SELECT 1", 31),
    ],
)
def test_flow_kinds_that_are_not_there_yet(sql, column, fails):
    fails(sql, NOT_SUPPORTED_YET, f"1:{column}")
