"""The mapped folders that a session of Spark can read under the user's own URIs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

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
