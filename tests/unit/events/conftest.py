"""A recorder whose clock advances one second an event, and what it recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

import pytest

from millpond.events import Event, Origin, Recorder

START = datetime(2026, 3, 1, 12, 0, 0, tzinfo=timezone.utc)


def _clock(step: timedelta) -> Callable[[], datetime]:
    moments: Iterator[datetime] = (START + step * tick for tick in range(100_000))
    return lambda: next(moments)


@pytest.fixture
def events() -> list[Event]:
    """The events recorded so far."""
    return []


@pytest.fixture
def recorder(events: list[Event]) -> Recorder:
    """A recorder of update `u1` that appends to `events`."""
    origin = Origin(pipeline_id="p1", pipeline_name="retail", update_id="u1")
    return Recorder(origin, [events.append], clock=_clock(timedelta(seconds=1)))


@pytest.fixture
def still_recorder(events: list[Event]) -> Recorder:
    """A recorder whose clock stands still."""
    origin = Origin(pipeline_id="p1", pipeline_name="retail", update_id="u1")
    return Recorder(origin, [events.append], clock=_clock(timedelta(0)))
