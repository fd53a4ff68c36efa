"""The documented example of AUTO CDC in every order and every cut into three batches.

Each event comes with the first, second or third batch: 3 ** 8 ways, and any order of the events
that is cut into three is one of them. All ways share a table, the number of the way being a part
of the key. Within a batch the order is any. A truncation is for the whole table: there is a
target where it comes first, and one where it comes last. The spellings take turns.
"""

from __future__ import annotations

import itertools
import os
import random
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from tests.conftest import Project
from tests.unit.engine.cdc.test_flow import EVENTS, SCD1, SCD2, SCD2_WITHOUT_CITY, TRUNCATE

pytestmark = [pytest.mark.spark, pytest.mark.timeout(600)]

BATCHES = 3
WAYS = list(itertools.product(range(BATCHES), repeat=len(EVENTS)))
TRUNCATED = [(125, "Mercedes", "Guadalajara")]
SCHEMA = "way INT, userId INT, name STRING, city STRING, operation STRING, sequenceNum INT"

CURRENT = """
from pyspark import pipelines as dp

SCHEMA = "{schema}"

def feed(name):
    @dp.temporary_view(name=name)
    def changes():
        reader = spark.readStream.schema(SCHEMA).option("maxFilesPerTrigger", "1")
        return reader.parquet(f"{folder}/{{name}}")

for name in ("feed", "first", "last"):
    feed(name)

dp.create_streaming_table("truncated_first")
dp.create_auto_cdc_flow(
    target="truncated_first", source="first", keys=["way", "userId"], sequence_by="sequenceNum",
    apply_as_deletes="operation = 'DELETE'", apply_as_truncates="operation = 'TRUNCATE'",
    except_column_list=["operation", "sequenceNum"], stored_as_scd_type=1)
"""
OLD = """
import dlt
from pyspark.sql.functions import col, expr

dlt.create_streaming_table("untracked")
dlt.apply_changes(
    target="untracked", source="feed", keys=["way", "userId"], sequence_by=col("sequenceNum"),
    apply_as_deletes=expr("operation = 'DELETE'"), stored_as_scd_type="2",
    except_column_list=["operation", "sequenceNum"], track_history_except_column_list=["city"])
"""
SQL = """
CREATE OR REFRESH STREAMING TABLE two;
CREATE FLOW history AS AUTO CDC INTO two
FROM stream(feed) KEYS (way, userId) APPLY AS DELETE WHEN operation = "DELETE"
SEQUENCE BY sequenceNum COLUMNS * EXCEPT (operation, sequenceNum) STORED AS SCD TYPE 2;

CREATE OR REFRESH STREAMING TABLE truncated_last;
CREATE FLOW truncations AS AUTO CDC INTO truncated_last
FROM stream(last) KEYS (way, userId) APPLY AS DELETE WHEN operation = "DELETE"
APPLY AS TRUNCATE WHEN operation = "TRUNCATE"
SEQUENCE BY sequenceNum COLUMNS * EXCEPT (operation, sequenceNum) STORED AS SCD TYPE 1;

CREATE OR REFRESH STREAMING TABLE one;
APPLY CHANGES INTO LIVE.one
FROM STREAM(LIVE.feed) KEYS (way, userId) APPLY AS DELETE WHEN operation = "DELETE"
SEQUENCE BY sequenceNum COLUMNS * EXCEPT (operation, sequenceNum) STORED AS SCD TYPE 1;
"""
EXPECTED: dict[str, list[tuple[Any, ...]]] = {
    "one": SCD1,
    "two": SCD2,
    "untracked": SCD2_WITHOUT_CITY,
    "truncated_first": TRUNCATED,
    "truncated_last": TRUNCATED,
}


def test_every_way_gives_the_documented_rows(project: Project) -> None:
    feeds = project.folder / "feeds"
    batches = _batches()
    _write(feeds / "feed", batches)
    truncation, (first, *others) = (None, *TRUNCATE), batches
    last = [event for batch in others for event in batch]
    _write(feeds / "first", [[*first, truncation], last])
    _write(feeds / "last", [first, [*last, truncation]])
    source = {
        "current.py": CURRENT.format(schema=SCHEMA, folder=feeds),
        "old.py": OLD,
        "flows.sql": SQL,
    }
    assert project.run(source).errors == ()
    for target, expected in EXPECTED.items():
        shown = "userId, name, city" + (", __START_AT, __END_AT" if len(expected[0]) > 3 else "")
        rows = f"array_sort(collect_list(struct({shown})))"
        [(found, ways)] = project.rows(
            f"SELECT found, count(*) FROM (SELECT {rows} AS found FROM {target} GROUP BY way)"
            " GROUP BY found"
        )
        assert (sorted(map(tuple, found), key=repr), ways) == (
            sorted(expected, key=repr),
            len(WAYS),
        )


def _batches() -> list[list[tuple[Any, ...]]]:
    rng = random.Random(20261121)
    batches: list[list[tuple[Any, ...]]] = [[] for _ in range(BATCHES)]
    for way, places in enumerate(WAYS):
        for event, place in zip(EVENTS, places, strict=True):
            batches[place].append((way, *event))
    for batch in batches:
        rng.shuffle(batch)
    return batches


def _write(folder: Path, batches: list[list[tuple[Any, ...]]]) -> None:
    folder.mkdir(parents=True)
    names = [column.split()[0] for column in SCHEMA.split(", ")]
    kinds = {"INT": pyarrow.int32(), "STRING": pyarrow.string()}
    types = [kinds[column.split()[1]] for column in SCHEMA.split(", ")]
    for number, rows in enumerate(batches):
        columns = [
            pyarrow.array(list(values), kind)
            for values, kind in zip(zip(*rows, strict=True), types, strict=True)
        ]
        file = folder / f"{number}.parquet"
        pyarrow.parquet.write_table(pyarrow.Table.from_arrays(columns, names), file)
        os.utime(file, (1_700_000_000 + number, 1_700_000_000 + number))
