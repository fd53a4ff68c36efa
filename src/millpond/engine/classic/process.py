"""The Java process behind a classic session."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def java_process(session: SparkSession) -> int | None:
    """The id of the Java process that this one started; None if it started none."""
    context = getattr(session, "_sc", None)
    started = getattr(getattr(context, "_gateway", None), "proc", None)
    return started.pid if started is not None else None
