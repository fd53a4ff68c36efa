"""The mapped folders that a session of Spark can read under the user's own URIs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from millpond.spark_message import put_hint

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from millpond.sources.inputs import LocalInputs
    from millpond.sources.inputs.mount import Mount

_lock = threading.Lock()
_mounted: WeakKeyDictionary[SparkSession, tuple[LocalInputs, set[str]]] = WeakKeyDictionary()
"""Whose mappings a session has, and the settings that say so."""


def mount(session: SparkSession, mount: Mount, inputs: LocalInputs) -> None:
    """Let a session read the URI of a mount, and no longer those of another pipeline's."""
    with _lock:
        owner, keys = _mounted.get(session, (inputs, set()))
        if owner is not inputs:
            for key in keys:
                session.conf.unset(key)
            keys = set()
        for key, value in mount.settings.items():
            session.conf.set(key, value)
        _mounted[session] = (inputs, keys | mount.settings.keys())


@contextmanager
def telling_where(user_path: str, local: str) -> Iterator[None]:
    """Add to Spark's error that a path does not exist where it would be on this machine.

    The exception stays Spark's, which source may catch.
    """
    from pyspark.errors import PySparkException

    try:
        yield
    except PySparkException as error:
        if error.getCondition() == "PATH_NOT_FOUND" and local != user_path:
            put_hint(error, f"{user_path} is {local} here: put files there, or map it elsewhere.")
        raise
