"""The one Spark session of a process that runs tests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from millpond import codes
from millpond.engine.spark.session import start_session
from millpond.errors import MillpondError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_DELTA = "io.delta.sql.DeltaSparkSessionExtension"


def shared_session(folder: Path) -> SparkSession:
    """The running session, or a new one that keeps its files in a folder.

    One of several processes of pytest-xdist takes a share of the machine: a gigabyte of heap,
    and the cores divided by the number of workers. No session opens a port for users.

    Raises:
        MillpondError: TEST_SESSION_WITHOUT_DELTA if the test suite started a session of its
            own that cannot write Delta tables; JAVA_NOT_FOUND or JARS_UNAVAILABLE.
    """
    session = start_session(folder / "logs", _settings(folder))
    if _DELTA not in (session.conf.get("spark.sql.extensions", "") or ""):
        raise MillpondError(codes.TEST_SESSION_WITHOUT_DELTA)
    return session


def _settings(folder: Path) -> dict[str, str]:
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    warehouse = {"spark.sql.warehouse.dir": str(folder / "warehouse")}
    if workers == 1:
        return {**warehouse, "spark.driver.memory": "2g"}
    cores = str(max(1, (os.cpu_count() or 1) // workers))
    return {
        **warehouse,
        "spark.master": f"local[{cores}]",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": cores,
        "spark.default.parallelism": cores,
    }
