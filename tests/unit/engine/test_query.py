"""What is asked, before any Spark: one statement, which changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond import codes
from millpond.engine.query import run_sql
from millpond.errors import MillpondError


@pytest.mark.parametrize(
    ("query", "column"),
    [
        ("CREATE TABLE x AS SELECT 1", 1),
        ("DROP TABLE s.t", 1),
        ("OPTIMIZE t", 1),
        ("WITH a AS (SELECT 1) INSERT INTO s.t SELECT * FROM a", 22),
        ("FROM a INSERT OVERWRITE s.t SELECT *", 8),
    ],
)
def test_a_statement_that_changes_something_is_refused_at_its_word(query, column, tmp_path: Path):
    with pytest.raises(MillpondError) as caught:
        run_sql(tmp_path, query)
    assert (caught.value.code, caught.value.at.column) == (codes.QUERY_CHANGES, column)


@pytest.mark.parametrize(
    "query",
    ["(SELECT 1)", "select insert, `into` from t", "DESC t", "FROM t |> WHERE delete IS NULL"],
)
def test_a_question_is_asked_of_the_state(query, tmp_path: Path):
    with pytest.raises(MillpondError) as caught:
        run_sql(tmp_path, query)
    assert caught.value.code is codes.NO_STATE
