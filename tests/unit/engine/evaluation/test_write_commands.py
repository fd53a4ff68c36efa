"""Statements that write tables: which Spark is given, with the table where it is here."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import MagicMock

import pytest

from millpond import codes, differences
from millpond.engine.evaluation import written
from millpond.engine.evaluation.relations import Evaluation
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.notices import Notices, noticing

AT = Span(Path("pipeline.py"), 1)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch):
    """What Spark is given for a statement; None if the statement is no such command."""
    monkeypatch.setattr(written, "run_query", lambda s, rest, e, at, execute, frames: execute(rest))
    relations = MagicMock()
    relations.written.side_effect = lambda name, at: Path("/p", ".".join(name))

    def run(text: str) -> list[str] | None:
        session = MagicMock()
        evaluation = Evaluation(None, relations)
        answered = written.write_command(session, text, evaluation, AT, session.sql)
        return None if answered is None else [call.args[0] for call in session.sql.call_args_list]

    run.dropped = relations.drop
    return run


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("insert into a.b.c values (1)", "insert into delta.`/p/a.b.c` values (1)"),
        ("INSERT INTO TABLE t SELECT 1", "INSERT INTO TABLE delta.`/p/t` SELECT 1"),
        ("CREATE TABLE t(id INT)", "CREATE TABLE delta.`/p/t`(id INT)"),
        (
            "create table if not exists `x y` (a INT)",
            "create table if not exists delta.`/p/x y` (a INT)",
        ),
        ("UPDATE a.t\nSET b = 1", "UPDATE delta.`/p/a.t` AS `t`\nSET b = 1"),
        ("DELETE FROM t x WHERE x.a = 1", "DELETE FROM delta.`/p/t` x WHERE x.a = 1"),
        ("/* all */ -- of it\nTRUNCATE TABLE t", "DELETE FROM delta.`/p/t` AS `t`"),
        (
            "MERGE INTO t USING a.u\nON t.i = u.i",
            "MERGE INTO delta.`/p/t` AS `t` USING (SELECT * FROM a.u) AS u\nON t.i = u.i",
        ),
        (
            "MERGE INTO t x USING (SELECT * FROM a JOIN b USING (i)) s",
            "MERGE INTO delta.`/p/t` x USING (SELECT * FROM a JOIN b USING (i)) s",
        ),
    ],
)
def test_a_table_is_written_where_it_is(given, text, expected):
    assert given(text) == [expected]


@pytest.mark.parametrize(
    "text",
    ["SELECT 1", "INSERT INTO delta.`/x` VALUES (1)", "CREATE TEMP VIEW x AS SELECT 1", "SET x=1"],
)
def test_all_else_is_left_alone(given, text):
    assert given(text) is None


@pytest.mark.parametrize(("maybe", "missing_ok"), [("", False), ("IF EXISTS ", True)])
def test_a_table_is_dropped(given, maybe, missing_ok):
    assert given(f"DROP TABLE {maybe}a.b;") == []
    given.dropped.assert_called_once_with(("a", "b"), AT, missing_ok=missing_ok)


@pytest.mark.parametrize(
    "text",
    [
        "CREATE SCHEMA IF NOT EXISTS a.b",
        "GRANT SELECT ON TABLE x TO y",
        "COMMENT ON TABLE t IS 'a'",
    ],
)
def test_catalogs_are_not_changed_and_that_is_told(given, text):
    with noticing(Notices()) as notices:
        assert given(text) == []
    assert [found.feature for found in notices.differences] == [differences.CATALOG_COMMANDS]


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE a.t (location STRING) USING DELTA LOCATION '/mnt/t'",
        "create or replace table a.t location 's3://b/t' AS SELECT 1 AS one",
    ],
)
def test_a_table_at_a_location_of_its_own_is_refused(given, text):
    with pytest.raises(MillpondError) as caught:
        given(text)
    assert caught.value.code is codes.CREATE_TABLE_AT_LOCATION
    assert caught.value.params == {"name": "a.t"}


def test_a_column_of_that_name_is_no_location(given):
    text = "CREATE TABLE t AS SELECT location 'x' FROM u"
    assert given(text) == ["CREATE TABLE delta.`/p/t` AS SELECT location 'x' FROM u"]
