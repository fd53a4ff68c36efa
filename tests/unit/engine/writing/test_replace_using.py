"""REPLACE USING: the worked example, any order and batches, and a replay (reference 4.9)."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.spark

Row = tuple[Any, Any, int]
SCHEMA = "region INT, device STRING, event STRING, seq INT"
SOURCE = """
    from pyspark import pipelines as dp

    @dp.table(replace_using=["region"], sequence_by="seq")
    def events():
        return spark.readStream.format("delta").load("{path}")
"""
INITIAL = [
    (1, "iOS", "click", 1),
    (1, "Android", "conversion", 1),
    (2, "iOS", "click", 1),
    (2, "desktop", "click", 1),
]
UPDATE = [
    (1, "iOS", "click", 2),
    (1, "Android", "conversion", 2),
    (1, "desktop", "click", 2),
    (3, "iOS", "click", 1),
    (3, "desktop", "click", 2),
]
EXPECTED = [
    (1, "Android", "conversion", 2),
    (1, "desktop", "click", 2),
    (1, "iOS", "click", 2),
    (2, "desktop", "click", 1),
    (2, "iOS", "click", 1),
    (3, "desktop", "click", 2),
]


def test_the_documented_example_and_a_batch_that_is_replayed(project: Any) -> None:
    path = project.data("in", INITIAL, SCHEMA)
    source = SOURCE.format(path=path)
    assert project.run(source).errors == ()
    project.data("in", UPDATE, SCHEMA)
    [dataset] = project.run(source).datasets
    assert (dataset.status, dataset.rows_written) == ("COMPLETED", 5)
    assert project.rows("SELECT * FROM events") == sorted(EXPECTED, key=repr)

    # Without its commit the last batch is run again, and must change nothing.
    commits = max(project.state.rglob("commits/1"), key=lambda file: file.stat().st_mtime)
    commits.unlink()
    (commits.parent / ".1.crc").unlink(missing_ok=True)
    assert project.run(source).errors == ()
    assert project.rows("SELECT * FROM events") == sorted(EXPECTED, key=repr)


def model(batches: Iterable[list[Row]]) -> list[Row]:
    """What the table holds, by the rule in plain Python."""
    table: list[Row] = []
    for batch in batches:
        stored: dict[Any, int] = {}
        for key, _, sequence in table:
            stored[key] = max(sequence, stored.get(key, sequence))
        newest: dict[Any, int] = {}
        for key, _, sequence in batch:
            newest[key] = max(sequence, newest.get(key, sequence))
        applied = [
            row
            for row in batch
            if row[2] == newest[row[0]] and row[2] >= stored.get(row[0], row[2])
        ]
        raised = {key for key, _, sequence in applied if sequence > stored.get(key, sequence)}
        table = [row for row in table if row[0] not in raised] + applied
    return table


ROWS = st.tuples(
    st.sampled_from([None, "a", "b", "c"]), st.sampled_from([None, 1, 2]), st.integers(1, 3)
)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.lists(ROWS, max_size=5), min_size=1, max_size=3))
def test_any_rows_in_any_batches(spark: Any, tmp_path: Any, batches: list[list[Row]]) -> None:
    from pyspark.sql import functions as F

    from millpond.engine.writing.replace_using import merge_batch

    path, schema = str(tmp_path / "target"), "k STRING, v INT, seq INT"
    shutil.rmtree(path, ignore_errors=True)
    spark.createDataFrame([], schema).write.format("delta").save(path)
    for batch in batches:
        merge_batch(spark.createDataFrame(batch, schema), path, ("k",), F.col("seq"))
    found = [tuple(row) for row in spark.read.format("delta").load(path).collect()]
    assert sorted(found, key=repr) == sorted(model(batches), key=repr)
