"""Show an update while it runs: plain lines, or a live table in a terminal."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, TextIO

from millpond.events.event import Event
from millpond.events.metrics import all_metrics
from millpond.report.text import count, duration, visible

if TYPE_CHECKING:
    from rich.table import Table

_COLOURS = {
    "COMPLETED": "green",
    "FAILED": "bold red",
    "SKIPPED": "yellow",
    "RUNNING": "cyan",
    "STARTING": "cyan",
}
_URGENCY = {"FAILED": 0, "RUNNING": 1, "STARTING": 1, "QUEUED": 2}


@contextmanager
def progress(stream: TextIO) -> Iterator[Callable[[Event], None]]:
    """A listener for an update's events that shows them on a stream until the block ends."""
    if not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield PlainProgress(stream)
        return
    with live_progress(stream) as listener:
        yield listener


class PlainProgress:
    """A line for each change of status: seconds since the start, what, which status, rows."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._start: datetime | None = None
        self._shown: dict[str, str] = {}
        self._rows = RowCount()

    def __call__(self, event: Event) -> None:
        """Print the event if it changes the status of the update or of a flow."""
        self._start = self._start or event.timestamp
        self._rows.add(event)
        if event.event_type == "update_progress":
            name, status = "update", event.body["state"]
        elif event.event_type == "flow_progress":
            name, status = str(event.origin["flow_name"]), event.body["status"]
        else:
            return
        if self._shown.get(name) == status:
            return
        self._shown[name] = status
        done = status in ("COMPLETED", "IDLE")
        rows = f"  {count(self._rows.of(name), 'row')}" if done else ""
        if name == "update" or status == "FAILED":
            rows = ""
        seconds = (event.timestamp - self._start).total_seconds()
        line = f"{seconds:7.1f} s  {status:<9}  {visible(name)}{rows}"
        print(line, file=self._stream, flush=True)


_ROWS = ("num_output_rows", "num_upserted_rows", "num_deleted_rows")


class RowCount:
    """Rows that each flow added, replaced or removed; a batch reported twice counts once."""

    def __init__(self) -> None:
        self._totals: dict[str, int] = {}
        self._last: dict[str, tuple[int | None, int]] = {}

    def add(self, event: Event) -> None:
        """Take the rows of an event into account."""
        metrics = all_metrics(event.body)
        numbers = [metrics[name] for name in _ROWS if name in metrics]
        if event.event_type == "flow_progress" and numbers:
            flow, batch, rows = (
                str(event.origin["flow_name"]),
                event.origin["batch_id"],
                sum(numbers),
            )
            known_batch, known = self._last.get(flow, (batch, 0))
            before = known if known_batch == batch else 0
            self._totals[flow] = self._totals.get(flow, 0) + max(rows - before, 0)
            self._last[flow] = (batch, max(rows, before))

    def of(self, flow: str) -> int:
        """The rows of one flow."""
        return self._totals.get(flow, 0)


@dataclass(slots=True)
class _Line:
    """One flow in the live table; `end` is None while it runs."""

    status: str
    start: datetime
    end: datetime | None = None


class LiveTable:
    """The flows of an update with status, rows and time; a renderable of rich's.

    Of more flows than there is room for, those that are done give way.
    """

    def __init__(self, now: Callable[[], datetime], room: int) -> None:
        self._now = now
        self._room = room
        self._state = "STARTING"
        self._lines: dict[str, _Line] = {}
        self._rows = RowCount()

    def add(self, event: Event) -> None:
        """Take an event into account."""
        self._rows.add(event)
        if event.event_type == "update_progress":
            self._state = event.body["state"]
        elif event.event_type == "flow_progress":
            name, status = str(event.origin["flow_name"]), event.body["status"]
            line = self._lines.setdefault(name, _Line(status, event.timestamp))
            if line.status in ("QUEUED", "EXCLUDED"):
                line.start = event.timestamp
            line.status = status
            line.end = None if status in ("STARTING", "RUNNING") else event.timestamp

    def __rich__(self) -> Table:
        """The table as it is now."""
        from rich.table import Table
        from rich.text import Text

        shown = Table(box=None, pad_edge=False, title_justify="left")
        shown.add_column(self._state, no_wrap=True, overflow="ellipsis")
        shown.add_column("status", no_wrap=True)
        shown.add_column("rows", justify="right", no_wrap=True)
        shown.add_column("time", justify="right", no_wrap=True)
        lines = self._shown()
        for name, line in lines.items():
            seconds = ((line.end or self._now()) - line.start).total_seconds()
            shown.add_row(
                Text(visible(name)),
                Text(line.status, style=_COLOURS.get(line.status, "dim")),
                count(self._rows.of(name)),
                duration(max(seconds, 0.0)) if line.status not in ("QUEUED", "EXCLUDED") else "",
            )
        if len(lines) < len(self._lines):
            shown.add_row(f"and {len(self._lines) - len(lines)} more")
        return shown

    def _shown(self) -> dict[str, _Line]:
        urgent = sorted(self._lines, key=lambda name: _URGENCY.get(self._lines[name].status, 3))
        kept = set(urgent[: self._room])
        return {name: line for name, line in self._lines.items() if name in kept}


@contextmanager
def live_progress(stream: TextIO) -> Iterator[Callable[[Event], None]]:
    """A listener that keeps a live table on a terminal, and clears it when the block ends."""
    from rich.console import Console
    from rich.live import Live

    console = Console(file=stream)
    table = LiveTable(lambda: datetime.now(timezone.utc), room=console.height - 3)
    with Live(table, console=console, refresh_per_second=8, transient=True):
        yield table.add
