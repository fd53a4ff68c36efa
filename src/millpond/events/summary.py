"""Tell from an update's events what it did to every dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from millpond.definitions import Action, DatasetKind
from millpond.events.event import Event
from millpond.events.outcome import (
    DatasetSummary,
    DifferenceSummary,
    ErrorSummary,
    ExpectationSummary,
    UpdateSummary,
)
from millpond.events.status import dataset_statuses
from millpond.events.tally import DatasetTally, tally

__all__ = [
    "DatasetSummary",
    "DifferenceSummary",
    "ErrorSummary",
    "ExpectationSummary",
    "UpdateSummary",
    "summarize",
]

_END_STATES = ("COMPLETED", "FAILED", "CANCELED")
_NOT_STARTED = ("QUEUED", "SKIPPED", "EXCLUDED")


def summarize(events: Iterable[Event]) -> UpdateSummary:
    """The summary of the latest update among the events, which may come in any order.

    Events may come twice, as after a replay: the numbers stay the same.

    Raises:
        ValueError: there is no event.
    """
    every = sorted(events, key=lambda event: event.sequence)
    if not every:
        raise ValueError("an update has at least one event")
    update_id = every[-1].update_id
    update = [event for event in every if event.update_id == update_id]
    states = _of_type(update, "update_progress")
    ends = [event for event in states if event.body["state"] in _END_STATES]
    return UpdateSummary(
        update_id=update_id,
        state=states[-1].body["state"] if states else "CREATED",
        seconds=_seconds(update[0], (ends or update)[-1]),
        datasets=_datasets(update),
        errors=_errors(update),
        pipeline_name=str(update[0].origin.get("pipeline_name") or ""),
        dry_run=any(event.body["validate_only"] for event in _of_type(update, "create_update")),
        warnings=tuple(map(ErrorSummary.read, _noticed(update, "warnings"))),
        differences=tuple(map(DifferenceSummary.read, _noticed(update, "differences"))),
    )


def _datasets(update: Sequence[Event]) -> tuple[DatasetSummary, ...]:
    definitions = {_dataset(each): each.body for each in _of_type(update, "dataset_definition")}
    sinks = _of_type(update, "sink_definition")
    definitions.update({_dataset(each): {"dataset_type": "SINK"} for each in sinks})
    inputs: dict[str, list[str]] = {}
    for event in _of_type(update, "flow_definition"):
        inputs.setdefault(event.body["output_dataset"], []).extend(event.body["input_datasets"])
    progress: dict[str, list[Event]] = {name: [] for name in definitions}
    for event in _of_type(update, "flow_progress"):
        progress.setdefault(_dataset(event), []).append(event)
    tallies = tally(update)
    for name in tallies:  # a view that only counts in its readers' events
        progress.setdefault(name, [])
    statuses = dataset_statuses(progress, inputs)
    planned = {_dataset(each): each for each in _of_type(update, "planning_information")}
    return tuple(
        _summary(
            name,
            definitions.get(name, {}),
            statuses[name],
            tallies.get(name, DatasetTally()),
            tuple(dict.fromkeys(inputs.get(name, ()))),
            _running_seconds(progress[name]),
            name in planned and _is_unchanged(planned[name]),
        )
        for name in progress
    )


def _summary(
    name: str,
    definition: Mapping[str, Any],
    status: str,
    sums: DatasetTally,
    inputs: tuple[str, ...],
    seconds: float,
    unchanged: bool,
) -> DatasetSummary:
    actions = {each["name"]: each["action"] for each in definition.get("expectations", ())}
    for counted in sums.counts:
        actions.setdefault(counted, Action.WARN.value)
    return DatasetSummary(
        name=name,
        kind=definition.get("dataset_type", DatasetKind.TEMPORARY_VIEW.value),
        status=status,
        rows_written=sums.rows_written,
        rows_dropped=sums.rows_dropped,
        rows_upserted=sums.rows_upserted,
        rows_deleted=sums.rows_deleted,
        expectations=tuple(
            ExpectationSummary(each, action, *sums.counts.get(each, (0, 0)))
            for each, action in actions.items()
        ),
        inputs=inputs,
        seconds=seconds,
        unchanged=unchanged,
    )


def _errors(update: Sequence[Event]) -> tuple[ErrorSummary, ...]:
    """Errors of the update, and of the flows that ended in one: a retry that worked clears it."""
    last = {event.origin["flow_name"]: event for event in _of_type(update, "flow_progress")}
    found: dict[ErrorSummary, None] = {}
    for event in update:
        details = event.body.get("millpond", {}).get("error")
        superseded = event.event_type == "flow_progress" and (
            last[event.origin["flow_name"]].sequence != event.sequence
        )
        if details is not None and not superseded:
            found[ErrorSummary.read(details)] = None
    return tuple(found)


def _noticed(update: Sequence[Event], kind: str) -> list[Mapping[str, Any]]:
    return [each for event in _of_type(update, "millpond_notices") for each in event.body[kind]]


def _is_unchanged(plan: Event) -> bool:
    chosen = [each for each in plan.body["technique_information"] if each["is_chosen"]]
    return any(each["maintenance_type"] == "MAINTENANCE_TYPE_NO_OP" for each in chosen)


def _of_type(events: Iterable[Event], event_type: str) -> list[Event]:
    return [event for event in events if event.event_type == event_type]


def _dataset(event: Event) -> str:
    return str(event.origin["dataset_name"])


def _running_seconds(progress: Sequence[Event]) -> float:
    started = [event for event in progress if event.body["status"] not in _NOT_STARTED]
    return _seconds(started[0], started[-1]) if started else 0.0


def _seconds(start: Event, end: Event) -> float:
    return round((end.timestamp - start.timestamp).total_seconds(), 3)
