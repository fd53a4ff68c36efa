"""One thread cuts short the work of another."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from millpond.engine.spark.interruption import interrupt, interruptible

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
    from tests.conftest import Project

pytestmark = pytest.mark.spark

ENDLESS = "spark.range(10 ** 15).selectExpr('sum(id * 7 % 13) AS n')"


def test_only_what_is_interruptible_ends(spark: SparkSession) -> None:
    begun = threading.Event()

    def endless() -> None:
        with interruptible(spark):
            begun.set()
            spark.range(10**15).selectExpr("sum(id * 7 % 13)").collect()

    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(endless)
        begun.wait(10)
        while not work.done():
            interrupt(spark)
            threading.Event().wait(0.2)
        assert work.exception() is not None
    assert spark.range(3).count() == 3


def test_a_stop_does_not_wait_for_a_long_materialized_view(project: Project) -> None:
    stop = threading.Event()
    threading.Timer(8, stop.set).start()
    summary = project.run(
        f"""
        import dlt

        @dlt.table
        def endless():
            return {ENDLESS}
        """,
        stop=stop,
    )
    assert summary.state == "CANCELED"
    assert [each.status for each in summary.datasets] == ["STOPPED"]
