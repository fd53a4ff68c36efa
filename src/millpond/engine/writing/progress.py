"""Counts of one batch of a flow as an event of the log."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from millpond.engine.resolved import ResolvedDataset, ResolvedFlow
from millpond.errors import MillpondError
from millpond.events.backlog import backlogs
from millpond.events.metrics import DataQuality, ExpectationCount, Metrics
from millpond.events.recorder import Recorder
from millpond.quality.counts import Counts
from millpond.quality.flags import Guard
from millpond.sources.auto_loader.listings import Listing

_RATES = ("numInputRows", "inputRowsPerSecond", "processedRowsPerSecond")
"""What the log's `stream_progress` leaves out of Spark's progress (reference 6.3)."""


class FlowProgress:
    """Records the progress of one flow."""

    def __init__(
        self, recorder: Recorder, dataset: ResolvedDataset, flow: ResolvedFlow, flow_id: str
    ) -> None:
        self._recorder = recorder
        self._dataset = dataset
        self._flow = flow
        self._flow_id = flow_id

    def status(self, status: str, error: MillpondError | None = None) -> None:
        """The flow entered a status of reference 6.4."""
        self._recorder.flow_progress(
            str(self._flow.name),
            str(self._dataset.name),
            status,
            error=error,
            flow_id=self._flow_id,
        )

    def planned(self, issue: str | None) -> None:
        """How a materialized view is brought up to date; `issue` is why it is recomputed."""
        self._recorder.planning_information(
            str(self._flow.name), str(self._dataset.name), issue, flow_id=self._flow_id
        )

    def operation(
        self,
        kind: str,
        status: str,
        milliseconds: int | None = None,
        path: str | None = None,
        files: int | None = None,
    ) -> None:
        """Work beside the flow's batches began or ended (reference 6.3)."""
        if not self._tells_work():
            return
        self._recorder.operation_progress(
            kind,
            status,
            str(self._flow.name),
            str(self._dataset.name),
            flow_id=self._flow_id,
            duration_ms=milliseconds,
            source_path=path,
            files=files,
        )

    def _tells_work(self) -> bool:
        """Whether work beside the batches is told."""
        return True

    @contextmanager
    def timed(self, kind: str) -> Iterator[None]:
        """Work beside the flow's batches, from its start to its end or failure."""
        started = time.monotonic()
        self.operation(kind, "STARTED")
        status = "FAILED"
        try:
            yield
            status = "COMPLETED"
        finally:
            self.operation(kind, status, round((time.monotonic() - started) * 1000))

    def listed(self, listing: Listing) -> None:
        """The files of a source are being listed, or have been."""
        status = "STARTED" if listing.milliseconds is None else "COMPLETED"
        self.operation(
            "AUTO_LOADER_LISTING", status, listing.milliseconds, listing.path, listing.files
        )

    def numbers(
        self,
        status: str,
        counts: Iterable[Counts | None],
        batch_id: int | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        """One batch was written; `counts` are those of the flow's own dataset and its views.

        Args:
            metrics: what it did to the table; if it is not given, it added what was counted.
        """
        present = [count for count in counts if count is not None]
        own = [count for count in present if count.guard.dataset == self._dataset.name]
        if metrics is None:
            metrics = Metrics(num_output_rows=sum(c.written for c in own) if own else None)
        self._recorder.flow_progress(
            str(self._flow.name),
            str(self._dataset.name),
            status,
            batch_id=batch_id,
            metrics=metrics,
            data_quality=_quality(present, self._dataset.name.key),
            flow_id=self._flow_id,
        )

    def batch(self, batch_id: int, progress: str) -> None:
        """A batch of the stream has ended; `progress` is what Spark says of it, as JSON."""
        told = json.loads(progress)
        for each in (told, *told["sources"]):
            for rate in _RATES:
                each.pop(rate, None)
        self._recorder.stream_progress(
            str(self._flow.name),
            str(self._dataset.name),
            json.dumps(told),
            batch_id=batch_id,
            flow_id=self._flow_id,
        )

    def backlog(self, sources: Sequence[Mapping[str, Any]], *, all_read: bool) -> None:
        """What the stream's sources have left; an event without rows, so that sums stay right."""
        metrics = Metrics.of_backlogs(backlogs(sources, all_read=all_read))
        self._recorder.flow_progress(
            str(self._flow.name),
            str(self._dataset.name),
            "RUNNING",
            metrics=metrics,
            flow_id=self._flow_id,
        )


class ContinuousProgress(FlowProgress):
    """The progress of a flow that goes on: IDLE between its passes, silent when there is nothing.

    What is written in each pass is numbers of their own, also where a pass has no batch number.
    """

    _status = ""
    _batches = 0
    _rested = False

    def status(self, status: str, error: MillpondError | None = None) -> None:
        """The flow entered a status; a pass that begins or ends is told with its rows."""
        status = "IDLE" if status == "COMPLETED" else status
        self._rested = self._rested or status == "IDLE"
        if self._status == "IDLE" and status in ("STARTING", "RUNNING", "IDLE"):
            return
        self._status = status
        super().status(status, error)

    def _tells_work(self) -> bool:
        """That of the first pass stands for all."""
        return not self._rested

    def planned(self, issue: str | None) -> None:
        """How the view is brought up to date; told once while it is left as it is."""
        if issue is not None or self._status != "IDLE":
            super().planned(issue)

    def numbers(
        self,
        status: str,
        counts: Iterable[Counts | None],
        batch_id: int | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        """One batch was written, or the whole of a table."""
        if batch_id is None:
            batch_id = self._batches
            self._batches += 1
        self._status = "RUNNING"
        super().numbers("RUNNING", counts, batch_id, metrics)
        if status == "COMPLETED":
            self.status(status)


def _quality(counts: list[Counts], own: str) -> DataQuality | None:
    if not any(count.guard.expectations for count in counts):
        return None
    views = {str(c.guard.dataset): c.dropped for c in counts if c.guard.dataset.key != own}
    return DataQuality(
        dropped_records=sum(count.dropped for count in counts),
        expectations=tuple(item for count in counts for item in _expectation_counts(count)),
        view_drops={name: dropped for name, dropped in views.items() if dropped},
    )


def _expectation_counts(counts: Counts) -> Iterable[ExpectationCount]:
    guard: Guard = counts.guard
    for rule, failed in zip(guard.expectations, counts.failed, strict=True):
        yield ExpectationCount(rule.name, str(guard.dataset), counts.rows - failed, failed)


def counts_by_metric(guards: Iterable[Guard], metrics: Mapping[str, object]) -> list[Counts | None]:
    """The counts of several guards from the observed metrics of one streaming batch."""
    from millpond.quality.counts import counts_of

    return [counts_of(guard, _observed(metrics.get(guard.metric))) for guard in guards]


def _observed(row: Any) -> dict[str, Any] | None:
    """The metrics of a row by name; Spark Connect gives values beside their schema instead."""
    if row is None:
        return None
    given: dict[str, Any] = row.asDict()
    if given.keys() != {"values", "schema"}:
        return given
    return dict(
        zip((field["name"] for field in given["schema"]["fields"]), given["values"], strict=True)
    )
