"""Add up the batches of an update: each batch once, however often it was reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from millpond.events.event import Event
from millpond.events.metrics import all_metrics

_BatchKey = tuple[str | None, str | None, int | None]


@dataclass(frozen=True, slots=True)
class DatasetTally:
    """The sums of one dataset; `counts` maps an expectation to its (passed, failed) rows."""

    rows_written: int = 0
    rows_dropped: int = 0
    rows_upserted: int = 0
    rows_deleted: int = 0
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Batch:
    """The largest numbers reported for one batch of one flow."""

    dataset: str
    numbers: dict[str, int] = field(default_factory=dict)
    view_drops: dict[str, int] = field(default_factory=dict)
    passed: dict[tuple[str, str], int] = field(default_factory=dict)
    failed: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, body: Mapping[str, Any]) -> None:
        quality = body.get("data_quality", {})
        only_here = body.get("millpond", {})
        for name, value in all_metrics(body).items():
            if isinstance(value, int):  # source_metrics is an array
                _raise_to(self.numbers, name, value)
        _raise_to(self.numbers, "dropped_records", quality.get("dropped_records", 0))
        for view, dropped in only_here.get("view_drops", {}).items():
            _raise_to(self.view_drops, view, dropped)
        for count in quality.get("expectations", ()):
            key = (count["dataset"], count["name"])
            _raise_to(self.passed, key, count["passed_records"])
            _raise_to(self.failed, key, count["failed_records"])


def tally(events: Iterable[Event]) -> dict[str, DatasetTally]:
    """The sums by dataset, in full, over the `flow_progress` events given.

    Progress of one batch may come repeatedly and is cumulative, and a batch may be replayed
    after a retry, so numbers are reduced by max per flow, update and batch before they are
    added up (reference 0.2, finding 9). A view's expectations count towards the view; where
    several flows read it, each reading counts, as in Databricks' own quality query.
    """
    batches: dict[_BatchKey, _Batch] = {}
    for event in events:
        if event.event_type != "flow_progress":
            continue
        origin = event.origin
        key = (event.update_id, origin.get("flow_name"), origin.get("batch_id"))
        batches.setdefault(key, _Batch(str(origin.get("dataset_name")))).add(event.body)
    return _sums(batches.values())


def _sums(batches: Iterable[_Batch]) -> dict[str, DatasetTally]:
    numbers: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    counts: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for batch in batches:
        for name, value in batch.numbers.items():
            numbers[batch.dataset][name] += value
        for view, dropped in batch.view_drops.items():
            numbers[view]["dropped_records"] += dropped
            numbers[batch.dataset]["dropped_records"] -= dropped
        for (dataset, name), passed in batch.passed.items():
            before = counts[dataset].get(name, (0, 0))
            failed = batch.failed[dataset, name]
            counts[dataset][name] = (before[0] + passed, before[1] + failed)
    return {
        dataset: DatasetTally(
            rows_written=numbers[dataset]["num_output_rows"],
            rows_dropped=numbers[dataset]["dropped_records"],
            rows_upserted=numbers[dataset]["num_upserted_rows"],
            rows_deleted=numbers[dataset]["num_deleted_rows"],
            counts=counts[dataset],
        )
        for dataset in [*numbers, *(each for each in counts if each not in numbers)]
    }


def _raise_to(values: dict[Any, int], key: object, value: int) -> None:
    values[key] = max(values.get(key, value), value)
