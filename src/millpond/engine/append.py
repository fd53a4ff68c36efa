"""Run an append flow: new rows of a stream into a streaming table, until none are left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from millpond.engine import tables
from millpond.engine.answers import FlowQuery, metric_name
from millpond.engine.context import UpdateContext
from millpond.engine.progress import FlowProgress, counts_by_metric
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.schema import commented, conform
from millpond.quality.flags import Guard, guard

if TYPE_CHECKING:
    from pyspark.sql.streaming.query import StreamingQuery

_POLL = 1
"""Seconds between looks at the progress; Spark keeps the last 100 batches of it."""


def run_append(
    context: UpdateContext,
    graph: ResolvedGraph,
    dataset: ResolvedDataset,
    flow: ResolvedFlow,
    progress: FlowProgress,
) -> None:
    """Process everything that is there now, batch by batch, exactly once.

    Delta records the stream's id and batch number with each commit, so a batch that is replayed
    after a crash is not written twice.
    """
    query = FlowQuery(context, graph)
    frame = query.frame(dataset, flow)
    frame = conform(frame, dataset.declared, dataset.name, flow.flow.at)
    frame = commented(frame, dataset.dataset.column_comments)
    expectations = dataset.dataset.expectations
    guarded, own = guard(frame, expectations, dataset.name, metric_name(dataset.name))
    checkpoint = context.state.checkpoint_path(dataset.name, ".".join(flow.flow.name))
    writer = (
        guarded.writeStream.format("delta")
        .outputMode("append")
        .queryName(f"{flow.name} {checkpoint.parent.name}")
        .option("checkpointLocation", str(checkpoint))
        .option("mergeSchema", "true")
        .trigger(availableNow=True)
    )
    if dataset.dataset.partition_by:
        writer = writer.partitionBy(*dataset.dataset.partition_by)
    stream = writer.start(str(context.state.table_path(dataset.name)))
    _watch(stream, [own, *query.guards], progress)
    _ensure_created(context, dataset)


def _watch(query: StreamingQuery, guards: list[Guard], progress: FlowProgress) -> None:
    """Record every batch once, as it ends; raises what the query failed with."""
    last = -1
    try:
        ended = False
        while not ended:
            ended = bool(query.awaitTermination(_POLL))
            last = _record(query, guards, progress, last)
    except BaseException:
        _record(query, guards, progress, last)
        query.stop()
        raise


def _record(query: StreamingQuery, guards: list[Guard], progress: FlowProgress, last: int) -> int:
    for batch in query.recentProgress:
        if batch.batchId > last and batch.observedMetrics:
            last = batch.batchId
            counts = counts_by_metric(guards, batch.observedMetrics)
            if any(count is not None for count in counts):
                progress.numbers("RUNNING", counts, last)
    return last


def _ensure_created(context: UpdateContext, dataset: ResolvedDataset) -> None:
    """A stream that found no data has written nothing; its table exists all the same."""
    if (context.state.table_path(dataset.name) / "_delta_log").is_dir():
        if not context.state.tables[dataset.name.key].created:
            context.state.mark_created(dataset.name)
    else:
        tables.create(context, dataset)
