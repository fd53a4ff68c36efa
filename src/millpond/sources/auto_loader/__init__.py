"""Auto Loader: files as a stream or a batch, with the schema and rescued data of Databricks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from millpond.sources.auto_loader.metadata import with_metadata_column
from millpond.sources.auto_loader.options import ignored_options
from millpond.sources.auto_loader.request import AutoLoaderRequest

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = [
    "AutoLoaderRequest",
    "ignored_options",
    "read_batch",
    "read_stream",
    "with_metadata_column",
]


def read_stream(spark: SparkSession, request: AutoLoaderRequest) -> DataFrame:
    """The stream of a request's files, as `cloudFiles` and `STREAM read_files` read them.

    The hidden column `_metadata` resolves on the frame and after projections and filters of it.

    Raises:
        MillpondError: at the request's place, what is wrong with it: CF_PATH_NOT_FOUND,
            CF_EMPTY_DIR_FOR_SCHEMA_INFERENCE, CF_FORMAT_NOT_SET, CF_UNKNOWN_OPTION_KEYS_ERROR,
            CF_INVALID_OPTION_VALUE, CF_ADD_NEW_NOT_SUPPORTED, CF_SCHEMA_NOT_VALID,
            CF_NEW_COLUMNS or NOT_SUPPORTED_YET.
    """
    from millpond.sources.auto_loader.reading import read

    return read(spark, request, streaming=True)


def read_batch(spark: SparkSession, request: AutoLoaderRequest) -> DataFrame:
    """All of a request's files at once, as `read_files` without STREAM reads them.

    Nothing is remembered: the schema is that of the files there are now.

    Raises:
        MillpondError: as `read_stream`.
    """
    from millpond.sources.auto_loader.reading import read

    return read(spark, request, streaming=False)
