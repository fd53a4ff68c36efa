"""Work of Spark that another thread may cut short."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from millpond.spark_connect import is_remote

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_TAG = "millpond-interruptible"


@contextmanager
def interruptible(session: SparkSession) -> Iterator[None]:
    """What this thread asks of Spark meanwhile ends in an error once it is interrupted.

    On a classic session the context has the tags: those of the session belong to the thread that
    sets them, and no other thread can name them.
    """
    remote = is_remote(session)
    add = session.addTag if remote else session.sparkContext.addJobTag
    remove = session.removeTag if remote else session.sparkContext.removeJobTag
    add(_TAG)
    try:
        yield
    finally:
        remove(_TAG)


def interrupt(session: SparkSession) -> None:
    """Cut short what is interruptible, in whatever thread."""
    if is_remote(session):
        session.interruptTag(_TAG)
    else:
        session.sparkContext.cancelJobsWithTag(_TAG)
