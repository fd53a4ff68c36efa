"""An event hook: a function of the user's that is called with the events of an update."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from millpond.location import Span


@dataclass(frozen=True, slots=True)
class EventHook:
    """A function that sees the events of every update (reference 1.9).

    Attributes:
        function: takes one event as a dictionary, shaped like a row of the event log.
        max_consecutive_failures: after more than these in a row it is called no more; None for
            no limit.
    """

    name: str
    function: Callable[[dict[str, Any]], Any]
    at: Span
    max_consecutive_failures: int | None = None
