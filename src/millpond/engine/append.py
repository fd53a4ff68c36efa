"""Run an append flow: new rows of a stream into a streaming table, until none are left."""

from __future__ import annotations

from millpond.engine import tables
from millpond.engine.context import UpdateContext
from millpond.engine.output import flow_output
from millpond.engine.progress import FlowProgress
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.stream import stream_writer, watch


def run_append(
    context: UpdateContext,
    graph: ResolvedGraph,
    dataset: ResolvedDataset,
    flow: ResolvedFlow,
    progress: FlowProgress,
) -> bool:
    """Process everything that is there now, batch by batch, exactly once.

    Returns whether it got to the end; False if the update was asked to stop.

    Delta records the stream's id and batch number with each commit, so a batch that is replayed
    after a crash is not written twice.
    """
    if not tables.is_made_by_its_first_batch(dataset):
        tables.create(context, dataset)
    output = flow_output(context, graph, dataset, flow)
    writer = stream_writer(context, dataset, flow, output.frame)
    writer = writer.format("delta").outputMode("append").option("mergeSchema", "true")
    if dataset.dataset.partition_by:
        writer = writer.partitionBy(*dataset.dataset.partition_by)
    stream = writer.start(str(context.state.table_path(dataset.name)))
    ended = watch(stream, output.guards, progress, context.stop)
    _ensure_created(context, dataset)
    return ended


def _ensure_created(context: UpdateContext, dataset: ResolvedDataset) -> None:
    """A stream that found no data has written nothing; its table exists all the same."""
    if (context.state.table_path(dataset.name) / "_delta_log").is_dir():
        if not context.state.tables[dataset.name.key].created:
            context.state.mark_created(dataset.name)
    else:
        tables.create(context, dataset)
