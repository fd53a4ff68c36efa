"""A session beside the pipeline's own, for settings that nothing else may see, and its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from millpond.spark_connect import is_remote

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@contextmanager
def separate_session(session: SparkSession) -> Iterator[SparkSession]:
    """A new session where another one works; its frames are of no use once it is left.

    One over Spark Connect has a connection and a place in the server, which it gives back; a
    classic one is only its settings, and to stop it would stop Spark.
    """
    separate = session.newSession()
    try:
        yield separate
    finally:
        if is_remote(separate):
            separate.stop()
