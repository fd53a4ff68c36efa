"""What Delta keeps in memory of the tables that a process has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def forget_delta_logs(session: SparkSession) -> None:
    """Let Delta read tables anew when they are next asked for, and free what it held of them.

    It holds up to 10,000 tables for an hour, each with the plan of its files: about 1 MB. A suite
    of tests makes new tables in every test, and would fill the heap with those of the old ones.
    """
    context: Any = getattr(session, "_sc", None)
    if context is not None:
        context._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()
