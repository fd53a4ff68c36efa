"""Run a streaming query of a flow to its end: its progress, and a stop that loses nothing."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from millpond.engine.context import UpdateContext
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow
from millpond.engine.writing.progress import FlowProgress, counts_by_metric
from millpond.engine.writing.stream_sources import check_sources
from millpond.events.metrics import Metrics
from millpond.quality.flags import Guard

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.streaming.listener import StreamingQueryProgress
    from pyspark.sql.streaming.query import StreamingQuery
    from pyspark.sql.streaming.readwriter import DataStreamWriter

_GRACE = 30.0
"""Seconds that a batch has to end when the update is asked to stop."""

_POLL = 1
"""Seconds between looks at the progress; Spark keeps the last 100 batches of it."""


def stream_writer(
    context: UpdateContext, dataset: ResolvedDataset, flow: ResolvedFlow, frame: DataFrame
) -> DataStreamWriter:
    """A writer of a flow's frame, with the flow's checkpoint, for everything that is there now.

    Raises:
        MillpondError: STREAMING_SOURCES_CHANGED.
    """
    checkpoint = context.state.checkpoint_path(dataset.name, ".".join(flow.flow.name))
    context.reads[flow.name.key] = check_sources(frame, checkpoint, flow, dataset)
    return (
        frame.writeStream.queryName(f"{flow.name} {checkpoint.parent.name}")
        .option("checkpointLocation", str(checkpoint))
        .trigger(availableNow=True)
    )


def watch(
    query: StreamingQuery,
    guards: Sequence[Guard],
    progress: FlowProgress,
    stop: threading.Event,
    applied: Mapping[int, Metrics] | None = None,
    take: Callable[[], int] | None = None,
) -> bool:
    """Record every batch once, as it ends; raises what the query failed with.

    Returns whether the query ended by itself; False if the update was asked to stop.

    Args:
        applied: what batches did to their table, by number, where that is not to add rows.
        take: called often; does with batches what is left to do, and returns the last one's number.
    """
    last, upto = -1, None
    try:
        ended = False
        while not ended:
            try:
                ended = bool(query.awaitTermination(_POLL))
            finally:
                upto = take() if take is not None else None
            last = _record(query, guards, progress, last, applied, None if ended else upto)
            if stop.is_set() and not ended:
                _stop_after_batch(query)
                upto = take() if take is not None else None
                _record(query, guards, progress, last, applied, upto)
                _tell_backlog(query, progress, all_read=False)
                return False
        _tell_backlog(query, progress, all_read=True)
        return True
    except BaseException:
        _record(query, guards, progress, last, applied, upto)
        query.stop()
        raise


def _stop_after_batch(query: StreamingQuery) -> None:
    """Stop a query when its batch is written; one that takes too long is stopped inside it.

    Either way the next update goes on where this one ends: a batch that was not committed is
    run again, and Delta knows whether its rows are there already.
    """
    batch = _last_batch(query)
    deadline = time.monotonic() + _GRACE
    while time.monotonic() < deadline and _last_batch(query) == batch:
        if not query.isActive:
            return
        time.sleep(0.1)
    query.stop()


def _tell_backlog(query: StreamingQuery, progress: FlowProgress, *, all_read: bool) -> None:
    """Once a query, of its last batch; a query that found nothing new says nothing."""
    if query.lastProgress is not None:
        told = json.loads(_as_progress(query.lastProgress).json)
        progress.backlog(told["sources"], all_read=all_read)


def _last_batch(query: StreamingQuery) -> int | None:
    progress = query.lastProgress
    return _as_progress(progress).batchId if progress is not None else None


def _as_progress(progress: StreamingQueryProgress | dict[str, Any]) -> StreamingQueryProgress:
    """What a stream says of a batch; databricks-connect gives its JSON document."""
    from pyspark.sql.streaming.listener import StreamingQueryProgress

    if isinstance(progress, StreamingQueryProgress):  # which is a dict as well
        return progress
    return StreamingQueryProgress.fromJson(progress)


def _record(
    query: StreamingQuery,
    guards: Sequence[Guard],
    progress: FlowProgress,
    last: int,
    applied: Mapping[int, Metrics] | None,
    upto: int | None,
) -> int:
    for batch in map(_as_progress, query.recentProgress):
        if upto is not None and batch.batchId > upto:
            break
        if batch.batchId > last and batch.observedMetrics:
            last = batch.batchId
            progress.batch(last, batch.json)
            counts = counts_by_metric(guards, batch.observedMetrics)
            if any(count is not None for count in counts):
                metrics = applied.get(last) if applied is not None else None
                progress.numbers("RUNNING", counts, last, metrics)
    return last
