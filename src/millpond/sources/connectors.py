"""Formats that Spark does not read by itself: fetched when first needed, or refused by name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from millpond import codes
from millpond.errors import MillpondError
from millpond.runtime import jars

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from millpond.location import Span

_here = threading.local()
"""What this thread has added: Spark gives the class loader to the thread that adds a jar."""

_NOT_FOUND = "[DATA_SOURCE_NOT_FOUND]"
"""In an exception of Java's where a stream is read, in one of PySpark's elsewhere."""

_FILES = "Write a few of its records to JSON files and read these in a file of their own."
_ONLY_ON_DATABRICKS = {
    "kinesis": _FILES,
    "pubsub": _FILES,
    "pubsublite": _FILES,
    "pulsar": _FILES,
    "sftp": "Copy the files to a folder and map its path in millpond.yml.",
    "cloudfilesnotification": _FILES,
    "sqs": _FILES,
    "eventhubs": (
        'Event Hubs speaks Kafka\'s protocol: format("kafka") with kafka.bootstrap.servers'
        " NAMESPACE.servicebus.windows.net:9093 works on Databricks and, mapped, locally."
    ),
    "snowflake": _FILES,
    "redshift": _FILES,
    "bigquery": _FILES,
    "synapse": _FILES,
    "salesforce": _FILES,
    "sharepoint": "Copy the files to a folder and map its path in millpond.yml.",
    "excel": "Save the sheet as CSV and read that; on Databricks read_files reads both.",
    "sqlserver": _FILES,
    "postgresql": _FILES,
    "mysql": _FILES,
    "lakeflowconnect": _FILES,
    "deltasharing": "Map the table to local data under `tables` in millpond.yml.",
}


def connect(spark: SparkSession, format: str, at: Span | None) -> None:
    """Make sure that a format can be read and written in a session.

    Jars are added to the running session, so nothing has to be known of a pipeline before it
    starts, and only a flow that needs them pays for them.

    Raises:
        MillpondError: FORMAT_ONLY_ON_DATABRICKS; JARS_UNAVAILABLE, at the read.
    """
    name = format.strip().casefold().replace("-", "").replace("_", "")
    if name in _ONLY_ON_DATABRICKS:
        raise MillpondError(
            codes.FORMAT_ONLY_ON_DATABRICKS, at=at, format=format, instead=_ONLY_ON_DATABRICKS[name]
        )
    added: dict[str, SparkSession] = _here.__dict__.setdefault("added", {})
    if name not in jars.CONNECTORS or added.get(name) is spark:
        return
    try:
        paths = jars.connector_jars(name)
    except MillpondError as error:
        error.at = at
        raise
    for path in paths:
        spark.sql(f"ADD JAR '{path}'")
    added[name] = spark


@contextmanager
def known_format(format: str, at: Span | None) -> Iterator[None]:
    """While Spark looks for a format, say of one that it does not find what can be done.

    Raises:
        MillpondError: FORMAT_NOT_FOUND, at the read.
    """
    try:
        yield
    except Exception as error:
        if _NOT_FOUND not in str(error):
            raise
        raise MillpondError(codes.FORMAT_NOT_FOUND, at=at, format=format) from error
