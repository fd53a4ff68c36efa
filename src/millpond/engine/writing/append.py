"""Run an append flow: new rows of a stream into a streaming table, until none are left."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from millpond.delta_log import is_table
from millpond.engine.context import UpdateContext
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.writing import tables
from millpond.engine.writing.output import flow_output
from millpond.engine.writing.progress import FlowProgress
from millpond.engine.writing.stream import stream_writer, watch
from millpond.engine.writing.transactions import application_id

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.streaming.query import StreamingQuery


def run_append(
    context: UpdateContext,
    graph: ResolvedGraph,
    dataset: ResolvedDataset,
    flow: ResolvedFlow,
    progress: FlowProgress,
) -> bool:
    """Process everything that is there now, batch by batch, exactly once.

    Returns whether it got to the end; False if the update was asked to stop.

    An aggregate without a watermark never knows that a group is complete: each batch replaces
    the table by all groups so far (decision 24).

    Delta records the stream's id and batch number with each commit, so a batch that is replayed
    after a crash is not written twice.
    """
    if not tables.is_made_by_its_first_batch(dataset):
        tables.create(context, dataset)
    output = flow_output(context, graph, dataset, flow)
    stream = _started(context, dataset, flow, output.frame)
    ended = watch(stream, output.guards, progress, context.stop)
    _ensure_created(context, dataset)
    return ended


def _started(
    context: UpdateContext, dataset: ResolvedDataset, flow: ResolvedFlow, frame: DataFrame
) -> StreamingQuery:
    """The flow's stream: in append mode, or else in complete mode, as Databricks tries the two."""
    from pyspark.errors import AnalysisException

    try:
        return _start(context, dataset, flow, frame, "append")
    except AnalysisException as error:
        alone = len(dataset.flows) == 1
        if not alone or not str(error.getCondition()).startswith("STREAMING_OUTPUT_MODE"):
            raise
        try:
            return _start(context, dataset, flow, frame, "complete")
        except AnalysisException:
            raise error from None


def _start(
    context: UpdateContext,
    dataset: ResolvedDataset,
    flow: ResolvedFlow,
    frame: DataFrame,
    mode: str,
) -> StreamingQuery:
    writer = stream_writer(context, dataset, flow, frame).outputMode(mode)
    if tables.numbers_its_rows(dataset):
        write = "append" if mode == "append" else "overwrite"
        return writer.foreachBatch(_writing(context, dataset, flow, write)).start()
    writer = writer.format("delta").option("mergeSchema", "true")
    if dataset.dataset.partition_by:
        writer = writer.partitionBy(*dataset.dataset.partition_by)
    return writer.start(str(context.state.table_path(dataset.name)))


def _writing(
    context: UpdateContext, dataset: ResolvedDataset, flow: ResolvedFlow, mode: str
) -> Callable[[DataFrame, int], None]:
    """What writes a batch to a table with an identity column.

    Delta plans such a batch anew to number its rows, and its expectations' counts are lost with
    the old plan, unless the rows are there before.
    """
    path = str(context.state.table_path(dataset.name))
    checkpoint = context.state.checkpoint_path(dataset.name, ".".join(flow.flow.name))
    application = application_id(context, checkpoint)

    def write(batch: DataFrame, number: int) -> None:
        batch.persist()
        try:
            writer = batch.write.format("delta").mode(mode).option("mergeSchema", "true")
            writer = writer.option("txnAppId", application).option("txnVersion", str(number))
            writer.save(path)
        finally:
            batch.unpersist()

    return write


def _ensure_created(context: UpdateContext, dataset: ResolvedDataset) -> None:
    """A stream that found no data has written nothing; its table exists all the same."""
    if is_table(context.state.table_path(dataset.name)):
        if not context.state.tables[dataset.name.key].created:
            context.state.mark_created(dataset.name)
    else:
        tables.create(context, dataset)
