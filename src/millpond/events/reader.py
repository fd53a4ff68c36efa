"""Read the event log without a JVM: the updates there were, and the events of some of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from millpond.delta_log import is_table
from millpond.events.event import Event
from millpond.events.journal import read_journal

END_STATES = ("COMPLETED", "FAILED", "CANCELED")
"""Of an update (reference 5.1)."""
_OF_UPDATES = ("create_update", "update_progress")


@dataclass(frozen=True, slots=True)
class LoggedUpdate:
    """An update as the log knows it.

    Attributes:
        started, seen: the times of its first and its last event that tells of the update.
        state: an update state of reference 5.1, the last one known.
        dry_run: it only checked the definitions.
        running: a process is at work on it now. Where this is False and `state` is no end
            state, the update was killed.
    """

    id: str
    pipeline_id: str
    pipeline_name: str
    started: datetime
    seen: datetime
    state: str
    dry_run: bool = False
    running: bool = False

    @property
    def seconds(self) -> float:
        """From its first event to its last state."""
        return (self.seen - self.started).total_seconds()

    @property
    def shown_state(self) -> str:
        """Its state; `KILLED` for one that ended without a word."""
        return self.state if self.running or self.state in END_STATES else "KILLED"


class LogReader:
    """The event log of a state folder, with the events of a running update.

    What is read is the log as it was when this was made, and so belongs together.

    Args:
        table: the Delta table; it need not exist.
        journal: the file of the running update's events; it need not exist.
    """

    def __init__(self, table: Path, journal: Path) -> None:
        # The journal first: an update that ends in between is in both, and counted once.
        self._unlogged, self._running = read_journal(journal)
        self._table = _open(table)

    def updates(self) -> tuple[LoggedUpdate, ...]:
        """All updates, the latest first."""
        import pyarrow.compute as pc  # type: ignore[import-untyped]

        found: dict[str, list[Event]] = {}
        for event in self._events(pc.field("event_type").isin(_OF_UPDATES)):
            if event.event_type in _OF_UPDATES and event.update_id is not None:
                found.setdefault(event.update_id, []).append(event)
        updates = [_update(key, events) for key, events in found.items()]
        updates.sort(key=lambda update: update.started, reverse=True)
        if self._running and updates and updates[0].state not in END_STATES:
            updates[0] = replace(updates[0], running=True)
        return tuple(updates)

    def events(self, updates: Collection[str], types: Collection[str] = ()) -> list[Event]:
        """The events of some updates, in order; of some types only if any are named."""
        import pyarrow.compute as pc

        wanted = pc.field("origin", "update_id").isin(list(updates))
        if types:
            wanted &= pc.field("event_type").isin(list(types))
        return [
            event
            for event in self._events(wanted)
            if event.update_id in updates and (not types or event.event_type in types)
        ]

    def _events(self, wanted: Any) -> list[Event]:
        """Events of the table that are wanted and all of the journal, each once, in order."""
        found = {event.id: event for event in self._unlogged}
        if self._table is not None:
            for row in self._table.to_table(filter=wanted).to_pylist():
                found[row["id"]] = _event(row)
        return sorted(found.values(), key=lambda event: event.sequence)


def _open(table: Path) -> Any:
    """The table as a dataset of pyarrow's, or None if there is none."""
    if not is_table(table):
        return None
    from deltalake import DeltaTable

    return DeltaTable(table).to_pyarrow_dataset()


def _update(key: str, events: list[Event]) -> LoggedUpdate:
    first = events[0]
    states = [event for event in events if event.event_type == "update_progress"]
    return LoggedUpdate(
        key,
        str(first.origin.get("pipeline_id")),
        str(first.origin.get("pipeline_name") or ""),
        first.timestamp,
        events[-1].timestamp,
        str(states[-1].body["state"]) if states else "CREATED",
        any(event.body.get("validate_only", False) for event in events),
    )


def _event(row: Mapping[str, Any]) -> Event:
    return Event(
        id=row["id"],
        sequence=row["sequence"]["data_plane_id"]["seq_no"],
        origin=row["origin"],
        timestamp=row["timestamp"],
        message=row["message"],
        level=row["level"],
        event_type=row["event_type"],
        details=json.loads(row["details"]),
        error=row["error"],
        maturity_level=row["maturity_level"],
    )
