"""Delta's memory of tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from millpond.engine.classic.delta_logs import forget_delta_logs

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark


def test_a_table_that_was_forgotten_is_read_anew(spark: SparkSession, tmp_path: Path) -> None:
    path = str(tmp_path / "table")
    spark.range(2).coalesce(1).write.format("delta").save(path)
    session: Any = spark
    logs = session._jvm.org.apache.spark.sql.delta.DeltaLog
    held = logs.forTable(session._jsparkSession, path)
    assert held.equals(logs.forTable(session._jsparkSession, path)), "Delta holds it"

    forget_delta_logs(spark)

    assert not held.equals(logs.forTable(session._jsparkSession, path))
    assert spark.read.format("delta").load(path).count() == 2


def test_a_session_without_a_java_process_of_its_own_holds_nothing() -> None:
    forget_delta_logs(object())  # type: ignore[arg-type]
