"""A crash inside a batch of changes: nothing is lost, nothing is doubled, whenever it happens."""

from __future__ import annotations

from typing import Any

import pytest

from millpond.engine.cdc.faults import AFTER_COMMIT, CRASH_POINTS, crashing
from millpond.engine.cdc.target import ChangeTable

pytestmark = pytest.mark.spark

SCHEMA = "k INT, v STRING, op STRING, seq INT"
FIRST = [(1, "a", "U", 1), (2, "b", "U", 1), (3, "c", "U", 2)]
SECOND = [(1, "A", "U", 4), (1, "x", "U", 3), (2, None, "D", 5), (4, "d", "U", 1)]
ONE = [(1, "A"), (3, "c"), (4, "d")]
TWO = [
    (1, "A", 4, None),
    (1, "a", 1, 3),
    (1, "x", 3, 4),
    (2, "b", 1, 5),
    (3, "c", 2, None),
    (4, "d", 1, None),
]
SOURCE = """
    from pyspark import pipelines as dp

    @dp.temporary_view
    def changes():
        return spark.readStream.format("delta").load("{path}")

    for target, kind in (("one", 1), ("two", 2)):
        dp.create_streaming_table(target)
        dp.create_auto_cdc_flow(
            target=target, source="changes", keys=["k"], sequence_by="seq",
            apply_as_deletes="op = 'D'", except_column_list=["op", "seq"],
            stored_as_scd_type=kind)
"""


def crash() -> None:
    raise RuntimeError("crash")


def run(project: Any, point: str) -> None:
    """Crash in the second batch, at a place, and run again."""
    source = SOURCE.format(path=project.data("in", FIRST, SCHEMA))
    assert project.run(source).state == "COMPLETED"
    project.data("in", SECOND, SCHEMA)
    with crashing(point, crash), pytest.raises(RuntimeError, match="crash"):
        project.run(source)
    assert project.run(source).state == "COMPLETED"


@pytest.mark.parametrize("point", CRASH_POINTS)
def test_a_crash_loses_and_doubles_nothing(project: Any, point: str) -> None:
    run(project, point)
    assert project.rows("SELECT * FROM one") == ONE
    assert project.rows("SELECT * FROM two") == sorted(TWO, key=repr)


def test_it_is_the_stored_rows_that_guard_against_doubling(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = ChangeTable.known_rows
    monkeypatch.setattr(
        ChangeTable, "known_rows", lambda *given: known(*given).filter("false"), raising=True
    )
    run(project, AFTER_COMMIT)
    assert project.rows("SELECT * FROM one") != ONE
    assert project.rows("SELECT * FROM two") != sorted(TWO, key=repr)
