"""What is other in an update than in an earlier one, dataset by dataset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from millpond.events.event import Event
from millpond.events.outcome import DatasetSummary, UpdateSummary
from millpond.events.reader import LoggedUpdate
from millpond.events.summary import summarize
from millpond.report.html.flows import FlowRun, flow_runs


@dataclass(frozen=True, slots=True)
class DatasetChange:
    """A dataset in both updates; None in the one that does not have it.

    Attributes:
        changes: what is other about its definition, as short phrases.
    """

    name: str
    before: DatasetSummary | None
    now: DatasetSummary | None
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """This update against an earlier one."""

    earlier: LoggedUpdate
    summary: UpdateSummary
    datasets: tuple[DatasetChange, ...]


def compare(earlier: LoggedUpdate, before: list[Event], now: list[Event]) -> Comparison:
    """Compare two updates by all their events."""
    old, new = summarize(before), summarize(now)
    summaries_before = {each.name: each for each in old.datasets}
    summaries_now = {each.name: each for each in new.datasets}
    flows_before, flows_now = _by_dataset(flow_runs(before)), _by_dataset(flow_runs(now))
    rules_before, rules_now = _expressions(before), _expressions(now)
    names = dict.fromkeys([*summaries_now, *summaries_before])
    changes = (
        DatasetChange(
            name,
            summaries_before.get(name),
            summaries_now.get(name),
            (
                *_presence(summaries_before.get(name), summaries_now.get(name)),
                *_query(flows_before.get(name, []), flows_now.get(name, [])),
                *_rules(rules_before.get(name), rules_now.get(name)),
            ),
        )
        for name in names
    )
    return Comparison(earlier, old, tuple(changes))


def _by_dataset(flows: Iterable[FlowRun]) -> dict[str, list[FlowRun]]:
    found: dict[str, list[FlowRun]] = {}
    for flow in flows:
        found.setdefault(flow.dataset, []).append(flow)
    return found


def _expressions(events: Iterable[Event]) -> dict[str, dict[str, tuple[str, str]]]:
    return {
        str(event.origin.get("dataset_name")): {
            each["name"]: (each["expression"], each["action"])
            for each in event.body.get("expectations") or ()
        }
        for event in events
        if event.event_type == "dataset_definition"
    }


def _presence(before: DatasetSummary | None, now: DatasetSummary | None) -> Iterator[str]:
    if before is None:
        yield "new"
    elif now is None:
        yield "gone"
    elif before.kind != now.kind:
        yield f"was a {before.kind.replace('_', ' ').lower()}"


def _query(before: list[FlowRun], now: list[FlowRun]) -> Iterator[str]:
    if not before or not now:
        return
    texts = [{flow.source.text for flow in flows if flow.source} for flows in (before, now)]
    if texts[0] and texts[1] and texts[0] != texts[1]:
        yield "query changed"
    old, new = _columns(before), _columns(now)
    if not old or not new:
        return
    for name in new.keys() - old.keys():
        yield f"column {name} added"
    for name in old.keys() - new.keys():
        yield f"column {name} removed"
    for name in new:
        if name in old and old[name] != new[name]:
            yield f"column {name} has another type"


def _columns(flows: list[FlowRun]) -> dict[str, Any]:
    return {str(each["name"]): each["type"] for each in flows[0].columns}


def _rules(
    before: Mapping[str, tuple[str, str]] | None, now: Mapping[str, tuple[str, str]] | None
) -> Iterator[str]:
    if before is not None and now is not None:
        yield from (f"expectation {name} added" for name in now if name not in before)
        yield from (f"expectation {name} removed" for name in before if name not in now)
        yield from (
            f"expectation {name} changed"
            for name in now
            if name in before and before[name] != now[name]
        )
