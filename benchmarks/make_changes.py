"""Write a feed of changes as Parquet files, one a batch, and nothing else.

python benchmarks/make_changes.py FOLDER LOGS EVENTS KEYS FILES FIRST

Events are in order, so that a MERGE without memory gets the same rows. With as many keys
as events each has a key of its own. FIRST is the first sequence.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from millpond.engine.spark.session import start_session

_FIRST = 1_700_000_000


def main(folder: Path, logs: Path, events: int, keys: int, files: int, first: int) -> int:
    """Write the files; the exit status."""
    spark = start_session(logs)
    feed = spark.range(first, first + events).selectExpr(
        f"CAST(pmod(xxhash64(id), {keys}) AS BIGINT) AS id" if events != keys else "id",
        "id AS seq",
        "CASE WHEN id % 20 = 19 THEN 'DELETE' ELSE 'UPDATE' END AS operation",
        "concat('name ', id % 1000) AS name",
        "concat('street ', id % 7919) AS street",
        "element_at(array('Oslo', 'Ulm', 'Moss', 'Bergen'), CAST(1 + id % 4 AS INT)) AS city",
        "CAST(id % 100000 / 100 AS DECIMAL(18, 6)) AS balance",
        "timestamp_seconds(1483228800 + id) AS changed_at",
    )
    folder.mkdir(parents=True, exist_ok=True)
    size = -(-events // files)
    for number in range(files):
        start = first + number * size
        part = feed.filter(f"seq >= {start} AND seq < {start + size}")
        temporary = folder.parent / f"{folder.name}.{number}"
        part.coalesce(1).write.parquet(str(temporary))
        [written] = temporary.glob("*.parquet")
        target = folder / f"{number:04}.parquet"
        written.rename(target)
        os.utime(target, (_FIRST + number, _FIRST + number))
    spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:7])))
