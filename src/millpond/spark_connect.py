"""Whether something of Spark's is Spark Connect's, told without importing either."""

from __future__ import annotations


def is_remote(value: object) -> bool:
    """Whether a session or a frame belongs to a Spark Connect server."""
    return type(value).__module__.startswith("pyspark.sql.connect.")
