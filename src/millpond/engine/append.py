"""Run an append flow: new rows of a stream into a streaming table, until none are left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from millpond.engine import tables
from millpond.engine.context import UpdateContext
from millpond.engine.output import flow_output
from millpond.engine.progress import FlowProgress, counts_by_metric
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.quality.flags import Guard

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
    if not tables.is_made_by_its_first_batch(dataset):
        tables.create(context, dataset)
    output = flow_output(context, graph, dataset, flow)
    checkpoint = context.state.checkpoint_path(dataset.name, ".".join(flow.flow.name))
    writer = (
        output.frame.writeStream.format("delta")
        .outputMode("append")
        .queryName(f"{flow.name} {checkpoint.parent.name}")
        .option("checkpointLocation", str(checkpoint))
        .option("mergeSchema", "true")
        .trigger(availableNow=True)
    )
    if dataset.dataset.partition_by:
        writer = writer.partitionBy(*dataset.dataset.partition_by)
    stream = writer.start(str(context.state.table_path(dataset.name)))
    watch(stream, output.guards, progress)
    _ensure_created(context, dataset)


def watch(query: StreamingQuery, guards: Sequence[Guard], progress: FlowProgress) -> None:
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


def _record(
    query: StreamingQuery, guards: Sequence[Guard], progress: FlowProgress, last: int
) -> int:
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
