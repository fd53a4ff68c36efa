"""When the phases and flows of an update ran, as shares of its whole time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from millpond.events.event import Event
from millpond.report.html.flows import FlowRun
from millpond.report.text import duration

_STEPS = (
    0.1,
    0.2,
    0.5,
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
    7200,
    14400,
    43200,
)
_TICKS = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """A span of time. `start` and `width` are percentages of the whole; so are `marks`.

    Attributes:
        marks: where its batches were written.
    """

    name: str
    status: str
    start: float
    width: float
    seconds: float
    marks: tuple[float, ...] = ()
    dataset: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Phases and flows of an update on one axis; `ticks` are percentages with their labels."""

    phases: tuple[Bar, ...]
    flows: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]


def timeline(update: Sequence[Event], flows: Sequence[FlowRun], end: datetime) -> Timeline:
    """The timeline of an update's events, from its first to `end`."""
    start = update[0].timestamp
    whole = max((end - start).total_seconds(), 0.001)

    def place(moment: datetime) -> float:
        return round(100 * min(max((moment - start).total_seconds() / whole, 0), 1), 3)

    def bar(name: str, status: str, first: datetime, last: datetime, run: FlowRun | None) -> Bar:
        batches = run.batches if run else ()
        # The only batch of a flow ends where the flow does.
        marks = [place(batch.at) for batch in batches] if len(batches) > 1 else []
        return Bar(
            name,
            status,
            place(first),
            max(round(place(last) - place(first), 3), 0.2),
            (last - first).total_seconds(),
            tuple(marks[-200:]),
            run.dataset if run else "",
        )

    states = [event for event in update if event.event_type == "update_progress"]
    moments = [*(event.timestamp for event in states), end]
    phases = [
        bar(str(event.body["state"]), "PHASE", event.timestamp, after, None)
        for event, after in zip(states, moments[1:], strict=True)
        if after > event.timestamp
    ]
    ran = [
        bar(run.name, run.status, run.started, end if run.status == "RUNNING" else run.ended, run)
        for run in flows
        if run.started is not None and run.ended is not None
    ]
    return Timeline(
        tuple(phases),
        tuple(sorted(ran, key=lambda each: each.start)),
        tuple(_ticks(whole)),
    )


def _ticks(whole: float) -> list[tuple[float, str]]:
    step = next((each for each in _STEPS if whole / each <= _TICKS), whole / _TICKS)
    count = int(whole / step)
    return [(round(100 * n * step / whole, 3), _label(n * step)) for n in range(count + 1)]


def _label(seconds: float) -> str:
    return f"{seconds:g} s" if seconds < 60 else duration(seconds).replace(" 0 s", "")
