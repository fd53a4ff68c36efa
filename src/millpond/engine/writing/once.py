"""Run a flow once: a batch frame appended to a streaming table or a sink (reference 1.4)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from millpond.engine.context import UpdateContext
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.writing import tables
from millpond.engine.writing.output import flow_output
from millpond.engine.writing.progress import FlowProgress
from millpond.engine.writing.transactions import application_id

if TYPE_CHECKING:
    from pyspark.sql import DataFrameWriter

_DONE = "done"


def is_done(checkpoint: Path) -> bool:
    """Whether a flow that runs once has run; without its checkpoint it runs again."""
    return (checkpoint / _DONE).exists()


def mark_done(checkpoint: Path) -> None:
    """Note that a flow has run."""
    checkpoint.mkdir(parents=True, exist_ok=True)
    (checkpoint / _DONE).touch()


def exactly_once(writer: DataFrameWriter, context: UpdateContext, checkpoint: Path) -> None:
    """Let Delta skip the write if it was committed by a run that ended before it was noted."""
    application = application_id(context, checkpoint)
    writer.option("txnAppId", application).option("txnVersion", "0")


def run_once(
    context: UpdateContext,
    graph: ResolvedGraph,
    dataset: ResolvedDataset,
    flow: ResolvedFlow,
    progress: FlowProgress,
) -> bool:
    """Append the frame of the query, unless an earlier update did; returns True, as it ended."""
    checkpoint = context.state.checkpoint_path(dataset.name, ".".join(flow.flow.name))
    if is_done(checkpoint):
        return True
    tables.create(context, dataset)
    output = flow_output(context, graph, dataset, flow)
    writer = output.frame.write.format("delta").mode("append").option("mergeSchema", "true")
    exactly_once(writer, context, checkpoint)
    writer.save(str(context.state.table_path(dataset.name)))
    mark_done(checkpoint)
    progress.numbers("RUNNING", output.counts())
    return True
