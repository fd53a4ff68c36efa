"""Write the events of an update to the log while it runs, and keep those its summary needs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.events import table
from millpond.events.event import Event
from millpond.events.journal import Journal
from millpond.events.kept import KeptEvents

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_INTERVAL = 15.0
"""Seconds between two commits of the log: what a reader of a running update waits at most."""


class EventLog:
    """The event log's table, written in few commits, and the journal of what it lacks until then.

    What an update that was killed left in the journal is written with the first commit.

    Attributes:
        kept: what the summary of the update needs of its events.
    """

    def __init__(
        self,
        session: SparkSession,
        path: Path,
        journal: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.kept = KeptEvents()
        self._session = session
        self._path = path
        self._clock = clock
        self._journal = Journal(journal)
        self._waiting = table.not_in(session, path, self._journal.left)
        self._lock = threading.Lock()
        self._written = clock()

    def see(self, event: Event) -> None:
        """Take an event; from any thread."""
        with self._lock:
            self._journal.add(event)
            self.kept.add(event)
            self._waiting.append(event)

    def write_in_time(self) -> None:
        """Write what is waiting if the last commit is long enough ago."""
        if self._clock() - self._written >= _INTERVAL:
            self.write()

    def write(self) -> None:
        """Write what is waiting."""
        with self._lock:
            waiting = list(self._waiting)
        table.append(self._session, self._path, waiting)
        with self._lock:
            self._waiting = self._waiting[len(waiting) :]
            self._journal.replace(self._waiting)
        self._written = self._clock()

    def close(self) -> None:
        """Let go of the journal; events that could not be written stay in it."""
        with self._lock:
            self._journal.close()
