"""What one batch of a flow did: rows written, and rows checked against expectations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from millpond.events.backlog import SourceBacklog


@dataclass(frozen=True, slots=True)
class Metrics:
    """The numbers of one batch (reference 6.4); None where there is nothing to say.

    Attributes:
        only_here: Databricks records none for this kind of flow, so they are kept below
            `millpond`, for the summary.
    """

    num_output_rows: int | None = None
    num_upserted_rows: int | None = None
    num_deleted_rows: int | None = None
    num_output_bytes: int | None = None
    backlog_bytes: int | None = None
    backlog_records: int | None = None
    backlog_files: int | None = None
    executor_time_ms: int | None = None
    source_metrics: tuple[SourceBacklog, ...] | None = None
    only_here: bool = False

    @classmethod
    def of_backlogs(cls, sources: Sequence[SourceBacklog]) -> Metrics:
        """What a flow's sources have together; a number that no source knows stays out."""
        return cls(
            backlog_bytes=_sum(each.backlog_bytes for each in sources),
            backlog_records=_sum(each.backlog_records for each in sources),
            backlog_files=_sum(each.backlog_files for each in sources),
            source_metrics=tuple(sources),
        )

    def details(self) -> dict[str, Any]:
        """The value of `details.flow_progress.metrics`; absent numbers are left out."""
        names = [each.name for each in fields(self) if each.name != "only_here"]
        values = {name: getattr(self, name) for name in names}
        if self.source_metrics is not None:
            values["source_metrics"] = [each.details() for each in self.source_metrics]
        return {name: value for name, value in values.items() if value is not None}


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class ExpectationCount:
    """How many rows of one batch met an expectation.

    Attributes:
        dataset: the dataset the expectation is declared on, in full: the flow's target, or
            a view that the flow reads (reference 3.5).
    """

    name: str
    dataset: str
    passed_records: int
    failed_records: int


@dataclass(frozen=True, slots=True)
class DataQuality:
    """What the expectations of one batch counted (reference 3.7).

    Attributes:
        dropped_records: rows that this flow dropped, each counted once however many
            expectations it violated; rows that a view dropped on the way are among them.
        expectations: one count an expectation.
        view_drops: of the dropped records, those dropped by each view, by its name in full.
            Databricks has no such field, so it is kept below `millpond` (see `details`).
    """

    dropped_records: int = 0
    expectations: tuple[ExpectationCount, ...] = ()
    view_drops: Mapping[str, int] = field(default_factory=dict)

    def details(self) -> dict[str, Any]:
        """The value of `details.flow_progress.data_quality`."""
        counts = [
            {
                "name": each.name,
                "dataset": each.dataset,
                "passed_records": each.passed_records,
                "failed_records": each.failed_records,
            }
            for each in self.expectations
        ]
        return {"dropped_records": self.dropped_records, "expectations": counts}


def all_metrics(body: Mapping[str, Any]) -> dict[str, Any]:
    """The metrics of an event's body by name, those that are only recorded here as well."""
    return {**body.get("metrics", {}), **body.get("millpond", {}).get("metrics", {})}
