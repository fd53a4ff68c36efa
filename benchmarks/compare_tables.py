"""Compare two sets of Delta tables row by row, as far as two runs can agree.

    python benchmarks/compare_tables.py LEFT RIGHT LOGS

LEFT and RIGHT hold a folder `<schema>/<table>` for each table; the Delta table is that folder or
one in it. Prints what differs as a JSON list of sentences, which is empty if nothing does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.engine.spark.session import start_session

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

CLOCK = {"ingestion_timestamp", "processing_date", "quarantined_at"}
"""Columns that tell when a row was processed."""

PATHS = {
    "_rescued_data": r'"_file_path":"[^"]*/(landing/[^"]*)"',
    "source_file": "^.*/(landing/.*)$",
}
"""Columns with the paths of files, which each side names in its own way: what they share."""


def main(left: Path, right: Path, logs: Path) -> int:
    """Print what differs; the exit status is 0 either way."""
    spark = start_session(logs)
    mine, theirs = tables(left), tables(right)
    problems = [f"{table} is on one side only" for table in sorted(mine.keys() ^ theirs.keys())]
    for table in sorted(mine.keys() & theirs.keys()):
        problem = difference(read(spark, mine[table]), read(spark, theirs[table]))
        problems += [f"{table}: {problem}"] if problem else []
    if not mine:
        problems.append(f"there are no tables in {left}")
    print(json.dumps(problems))
    return 0


def tables(folder: Path) -> dict[str, Path]:
    """The Delta tables below a folder by `schema.table`."""
    logs = [found for depth in ("", "*/") for found in folder.glob(f"*/*/{depth}_delta_log")]
    return {".".join(log.relative_to(folder).parts[:2]): log.parent for log in logs}


def read(spark: SparkSession, table: Path) -> DataFrame:
    """The rows of a Delta table as its users see them."""
    from millpond.cdc.hidden import visible

    return visible(spark.read.format("delta").load(str(table)))


def difference(left: DataFrame, right: DataFrame) -> str | None:
    """How two tables differ, in rows or in what the rows hold; None if they do not.

    A column that one of them has and in which nothing is, is no difference: a schema written by
    hand may name a column that the files of a run do not have.
    """
    both = sorted(set(left.columns) & set(right.columns) - CLOCK)
    left_rows, left_hash, left_extra = fingerprint(left, both)
    right_rows, right_hash, right_extra = fingerprint(right, both)
    if left_rows != right_rows:
        return f"{left_rows} rows and {right_rows} rows"
    if left_extra + right_extra:
        return f"columns {left_extra + right_extra} are on one side only"
    return None if left_hash == right_hash else f"{left_rows} rows each, of other content"


def fingerprint(frame: DataFrame, columns: list[str]) -> tuple[int, str, list[str]]:
    """The number of rows, a sum of hashes of their values, and other columns with values."""
    from pyspark.sql import functions as F

    others = [name for name in frame.columns if name not in columns and name not in CLOCK]
    values = [
        F.regexp_replace(F.col(name).cast("string"), PATHS[name], "$1").alias(name)
        if name in PATHS
        else F.col(name).cast("string").alias(name)
        for name in columns
    ]
    row = frame.agg(
        F.count(F.lit(1)),
        F.sum(F.xxhash64(F.to_json(F.struct(*values))).cast("decimal(38,0)")).cast("string"),
        *[F.count(name) for name in others],
    ).collect()[0]
    filled = [name for name, count in zip(others, row[2:], strict=True) if count]
    return row[0], str(row[1]), filled


if __name__ == "__main__":
    sys.exit(main(*(Path(argument).resolve() for argument in sys.argv[1:4])))
