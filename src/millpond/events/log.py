"""Write the events of an update to the log while it runs, and keep those its summary needs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.events import table
from millpond.events.event import Event

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_INTERVAL = 15.0
"""Seconds between two commits of the log: what a reader of a running update waits at most."""


class EventLog:
    """The event log's table, written in few commits.

    Attributes:
        events: all events of the update so far.
    """

    def __init__(
        self, session: SparkSession, path: Path, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.events: list[Event] = []
        self._session = session
        self._path = path
        self._clock = clock
        self._waiting: list[Event] = []
        self._lock = threading.Lock()
        self._written = clock()

    def see(self, event: Event) -> None:
        """Take an event; from any thread."""
        with self._lock:
            self.events.append(event)
            self._waiting.append(event)

    def write_in_time(self) -> None:
        """Write what is waiting if the last commit is long enough ago."""
        if self._clock() - self._written >= _INTERVAL:
            self.write()

    def write(self) -> None:
        """Write what is waiting."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        table.append(self._session, self._path, waiting)
        self._written = self._clock()
