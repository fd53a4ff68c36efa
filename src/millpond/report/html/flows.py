"""The flows of an update: what defines each, when it ran, and the batches it wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from millpond.events.event import Event
from millpond.events.metrics import all_metrics
from millpond.report.text import count

_ROWS = {"num_output_rows", "num_upserted_rows", "num_deleted_rows"}
_BACKLOG = {"backlog_bytes": "byte", "backlog_records": "record", "backlog_files": "file"}
_WAITING = ("QUEUED", "SKIPPED", "EXCLUDED")


@dataclass(frozen=True, slots=True)
class Source:
    """A flow's query as it was written: the file, its first line, and its text."""

    file: str
    line: int
    text: str

    @property
    def lines(self) -> list[tuple[int, str]]:
        """The text line by line, with the numbers that the lines have in the file."""
        return list(enumerate(self.text.split("\n"), self.line)) if self.text else []


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch of a flow did; `number` is None for a flow that has no batches.

    `failed` maps the expectations that rows violated to how many did.
    """

    number: int | None
    at: datetime
    written: int
    dropped: int
    upserted: int
    deleted: int
    failed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FlowRun:
    """A flow in an update.

    Attributes:
        kind: its `flow_type` (reference 6.3).
        columns: the fields of the schema of its query, as Spark's JSON has them.
        backlog: what its sources still had when it was last told, in words; empty if it was not.
        started, ended: when it ran; None if it did not. `ended` is its last event so far.
    """

    name: str
    dataset: str
    kind: str
    language: str
    comment: str
    once: bool
    source: Source | None
    inputs: tuple[str, ...]
    columns: tuple[Mapping[str, Any], ...]
    status: str
    started: datetime | None
    ended: datetime | None
    batches: tuple[Batch, ...]
    backlog: str = ""

    @property
    def seconds(self) -> float:
        """How long it ran."""
        if self.started is None or self.ended is None:
            return 0.0
        return (self.ended - self.started).total_seconds()


def flow_runs(update: Iterable[Event]) -> tuple[FlowRun, ...]:
    """The flows of an update's events, in the order of their definition."""
    definitions: dict[str, Event] = {}
    progress: dict[str, list[Event]] = {}
    for event in update:
        name = str(event.origin.get("flow_name"))
        if event.event_type == "flow_definition":
            definitions[name] = event
        elif event.event_type == "flow_progress":
            progress.setdefault(name, []).append(event)
    names = dict.fromkeys([*definitions, *progress])
    return tuple(_flow(name, definitions.get(name), progress.get(name, [])) for name in names)


def _flow(name: str, definition: Event | None, progress: Sequence[Event]) -> FlowRun:
    body = definition.body if definition is not None else {}
    source = body.get("millpond", {}).get("source")
    ran = [event for event in progress if event.body["status"] not in _WAITING]
    first = definition if definition is not None else progress[0]
    return FlowRun(
        name,
        str(first.origin.get("dataset_name")),
        str(body.get("flow_type", "")),
        str(body.get("language", "")),
        str(body.get("comment") or ""),
        bool(body.get("once")),
        Source(source["file"], source["line"], source["text"]) if source else None,
        tuple(dict.fromkeys(body.get("input_datasets", ()))),
        tuple(body.get("schema") or ()),
        str(progress[-1].body["status"]) if progress else "QUEUED",
        ran[0].timestamp if ran else None,
        ran[-1].timestamp if ran else None,
        tuple(_batches(progress)),
        _backlog(progress),
    )


def _backlog(progress: Sequence[Event]) -> str:
    for event in reversed(progress):
        metrics = event.body.get("metrics", {})
        told = [count(metrics[key], noun) for key, noun in _BACKLOG.items() if key in metrics]
        if told:
            return ", ".join(told)
    return ""


def _batches(progress: Sequence[Event]) -> Iterable[Batch]:
    """Each batch once, by its last report: a batch that is replayed is reported again."""
    last = {
        event.origin.get("batch_id"): event
        for event in progress
        if "data_quality" in event.body or not _ROWS.isdisjoint(all_metrics(event.body))
    }
    for number, event in last.items():
        metrics, quality = all_metrics(event.body), event.body.get("data_quality", {})
        yield Batch(
            number,
            event.timestamp,
            metrics.get("num_output_rows", 0),
            quality.get("dropped_records", 0),
            metrics.get("num_upserted_rows", 0),
            metrics.get("num_deleted_rows", 0),
            {
                each["name"]: each["failed_records"]
                for each in quality.get("expectations", ())
                if each["failed_records"]
            },
        )
