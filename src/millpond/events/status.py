"""The status of a dataset, from those of the flows that fill it or, for a view, read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from millpond.events.event import Event

_WORST_FIRST = (
    "FAILED",
    "CANCELLED",
    "STOPPED",
    "RUNNING",
    "STARTING",
    "QUEUED",
    "SKIPPED",
    "COMPLETED",
    "IDLE",
    "EXCLUDED",
)


def dataset_statuses(
    progress: Mapping[str, Sequence[Event]], inputs: Mapping[str, Iterable[str]]
) -> dict[str, str]:
    """The status of each dataset of `progress`, a value of reference 6.4.

    Args:
        progress: the `flow_progress` events of the flows that write to a dataset, in order.
        inputs: what the flows of a dataset read.

    A dataset takes the worst of the last statuses of its flows. A view has no flow that runs:
    it takes the best status of what reads it, and is `IDLE` if all else ran and nothing did.
    One that was defined and never run is `QUEUED`.
    """
    own = {name: _own_status(events) for name, events in progress.items() if events}
    readers: dict[str, list[str]] = {}
    for reader, read in inputs.items():
        for name in read:
            readers.setdefault(name, []).append(reader)
    unread = "IDLE" if own else "QUEUED"
    return {
        name: own.get(name) or _status_of_readers(name, own, readers, unread) for name in progress
    }


def _own_status(events: Sequence[Event]) -> str:
    last = {event.origin.get("flow_name"): str(event.body["status"]) for event in events}
    return min(last.values(), key=_WORST_FIRST.index)


def _status_of_readers(
    view: str, own: Mapping[str, str], readers: Mapping[str, Sequence[str]], unread: str
) -> str:
    seen: set[str] = set()
    waiting = [view]
    found: list[str] = []
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in own:
            found.append(own[name])
        else:
            waiting.extend(readers.get(name, ()))
    if "COMPLETED" in found:
        return "COMPLETED"
    return min(found, key=_WORST_FIRST.index) if found else unread
