"""The events of one update that its summary needs; a few for each flow, however long it runs."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from millpond.events.event import Event

_MOST = 100
"""Batches of a flow that are kept as they came; older ones are added up."""
_SUM = -1
"""The batch number of what was added up."""


class KeptEvents:
    """Events as they come in; of a flow's, the first and the last of each status stay."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._others: list[Event] = []
        self._first: dict[tuple[str, str], Event] = {}
        self._last: dict[tuple[str, str], Event] = {}
        self._batches: dict[str, deque[Event]] = defaultdict(deque)

    def add(self, event: Event) -> None:
        """Take the next event."""
        if event.event_type != "flow_progress":
            self._others.append(event)
            return
        flow = str(event.origin["flow_name"])
        if event.origin["batch_id"] is None:
            key = (flow, str(event.body["status"]))
            self._first.setdefault(key, event)
            self._last[key] = event
            return
        batches = self._batches[flow]
        if batches and batches[-1].origin["batch_id"] == event.origin["batch_id"]:
            batches.pop()  # told again; the numbers of a batch only grow
        batches.append(event)
        if len(batches) > self._most:
            batches.appendleft(_sum(batches.popleft(), batches.popleft()))

    def all(self) -> list[Event]:
        """What is kept, each event once, in order."""
        found = {id(event): event for event in self._others}
        for group in (self._first.values(), self._last.values(), *self._batches.values()):
            found.update({id(event): event for event in group})
        return sorted(found.values(), key=lambda event: event.sequence)


def _sum(first: Event, second: Event) -> Event:
    """One event for two batches of a flow."""
    body = dict(second.body)
    if "metrics" in {**first.body, **second.body}:
        body["metrics"] = _added(first.body, second.body, "metrics")
    quality = _quality(first.body.get("data_quality", {}), second.body.get("data_quality", {}))
    if quality:
        body["data_quality"] = quality
    mine, other = first.body.get("millpond", {}), second.body.get("millpond", {})
    keys = [key for key in ("view_drops", "metrics") if key in {**mine, **other}]
    sums = {key: _added(mine, other, key) for key in keys}
    if sums:
        body["millpond"] = sums
    origin = {**first.origin, "batch_id": _SUM}
    return replace(first, origin=origin, details={first.event_type: body})


def _added(first: Mapping[str, Any], second: Mapping[str, Any], key: str) -> dict[str, int]:
    numbers = [
        {name: value for name, value in each.get(key, {}).items() if isinstance(value, int)}
        for each in (first, second)
    ]
    names = dict.fromkeys([*numbers[0], *numbers[1]])
    return {name: sum(each.get(name, 0) for each in numbers) for name in names}


def _quality(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    if not first or not second:
        return dict(first or second)
    expectations: dict[tuple[str, str], dict[str, Any]] = {}
    for each in (*first.get("expectations", ()), *second.get("expectations", ())):
        key = (each["dataset"], each["name"])
        known = expectations.setdefault(key, {**each, "passed_records": 0, "failed_records": 0})
        known["passed_records"] += each["passed_records"]
        known["failed_records"] += each["failed_records"]
    dropped = first.get("dropped_records", 0) + second.get("dropped_records", 0)
    return {"dropped_records": dropped, "expectations": list(expectations.values())}
