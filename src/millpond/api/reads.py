"""`read`, `read_stream` and `readStream`: the old way to read a dataset (reference 1.1)."""

from __future__ import annotations

from typing import Any


def read(name: str) -> Any:
    """The whole of a dataset; the same as `spark.read.table(name)`."""
    from pyspark.sql import SparkSession

    return SparkSession.active().read.table(name)


def read_stream(name: str) -> Any:
    """What is new in a dataset; the same as `spark.readStream.table(name)`."""
    from pyspark.sql import SparkSession

    return SparkSession.active().readStream.table(name)
