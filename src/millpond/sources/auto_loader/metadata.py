"""The `_metadata` of files as an ordinary column, for where the hidden one is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def with_metadata_column(frame: DataFrame) -> DataFrame:
    """The frame with `_metadata` as its last column.

    Spark resolves the hidden column on a frame, not on a temporary view of it, which is what a
    SQL query reads.
    """
    return frame.select("*", "_metadata")
