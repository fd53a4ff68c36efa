"""The events that the log does not have yet, line by line in a file.

The log is a Delta table and gets its events in few commits. Until then they are here: for who
looks on while an update runs, and for the next update, if this one is killed.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from millpond.events.event import Event


class Journal:
    """The file of one update, locked as long as that runs, however it ends.

    Attributes:
        left: the events of an earlier update that was killed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("a+", encoding="utf-8")
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._file.seek(0)
        self.left = tuple(_events(self._file))
        if self.left:
            self._file.write("\n")  # the last line may be torn

    def add(self, event: Event) -> None:
        """Keep an event."""
        self._file.write(_line(event))
        self._file.flush()

    def replace(self, events: Iterable[Event]) -> None:
        """Keep these events only: the log has all others now."""
        self._file.truncate(0)
        self._file.write("".join(map(_line, events)))
        self._file.flush()

    def close(self) -> None:
        """End it; the file stays if there are events in it."""
        if not self._path.stat().st_size:
            self._path.unlink()
        self._file.close()


def read_journal(path: Path) -> tuple[list[Event], bool]:
    """The events that no log has yet, and whether an update is running."""
    try:
        with path.open(encoding="utf-8") as file:
            running = _is_locked(file.fileno())
            return list(_events(file)), running
    except FileNotFoundError:
        return [], False


def _is_locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


def _line(event: Event) -> str:
    return json.dumps(asdict(event), default=str) + "\n"


def _events(lines: Iterable[str]) -> Iterable[Event]:
    """The events of the lines that are whole."""
    for line in lines:
        try:
            fields = json.loads(line)
        except ValueError:
            continue
        yield Event(**{**fields, "timestamp": datetime.fromisoformat(fields["timestamp"])})
