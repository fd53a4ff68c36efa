"""Run a flow into a sink: a format of Spark's, or a function of the user's (reference 1.7).

A sink is outside of the pipeline: it is never cleared, and only its flows' checkpoints are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond import codes
from millpond.definitions import FlowKind, Sink
from millpond.delta_log import is_table
from millpond.engine.context import UpdateContext
from millpond.engine.evaluation.answers import FlowQuery
from millpond.engine.evaluation.relations import Evaluation, evaluating
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.state import WRITTEN, StoredTable
from millpond.engine.writing.batches import run_batches
from millpond.engine.writing.once import exactly_once, is_done, mark_done
from millpond.engine.writing.output import FlowOutput, flow_output
from millpond.engine.writing.progress import FlowProgress
from millpond.engine.writing.sink_places import local_options, table_name
from millpond.engine.writing.stream import stream_writer, watch
from millpond.errors import MillpondError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_UNKNOWN = "DATA_SOURCE_NOT_FOUND"
_BatchFunction = Callable[["DataFrame", int], None]


def run_into_sink(
    context: UpdateContext,
    graph: ResolvedGraph,
    dataset: ResolvedDataset,
    flow: ResolvedFlow,
    progress: FlowProgress,
) -> bool:
    """Write what is new to the sink; with `once`, the query's whole frame and only once.

    Returns whether it got to the end; False if the update was asked to stop.
    """
    ended = True
    sink = dataset.sink
    assert sink is not None, "a dataset of the kind SINK has one"
    options = local_options(context, sink)
    function = _with_names(context, graph, dataset, flow, sink)
    output = flow_output(context, graph, dataset, flow)
    checkpoint = context.state.checkpoint_path(dataset.name, ".".join(flow.flow.name))
    if sink.format.casefold() == "delta":
        with context.state.creating(dataset.name):
            _create(output.frame, Path(options["path"]))
    if flow.flow.once:
        if not is_done(checkpoint):
            _write(context, sink, options, function, output, checkpoint)
            mark_done(checkpoint)
            progress.numbers("RUNNING", output.counts())
    else:
        mode = "update" if flow.flow.kind is FlowKind.UPDATE else "append"
        if function is not None:
            ended = run_batches(
                *(context, dataset, flow, output.frame, function, output.guards, progress),
                mode=mode,
            )
        else:
            writer = stream_writer(context, dataset, flow, output.frame).outputMode(mode)
            with _format_found(sink):
                query = writer.format(sink.format).options(**options).start()
            ended = watch(query, output.guards, progress, context.stop)
    _remember_table(context, sink, Path(options.get("path", "")))
    return ended


def _create(frame: DataFrame, path: Path) -> None:
    """Make the empty Delta table of a sink; two flows that both began it would conflict."""
    if not is_table(path):
        empty = frame.sparkSession.createDataFrame([], frame.schema)
        empty.write.format("delta").mode("append").save(str(path))


def _write(
    context: UpdateContext,
    sink: Sink,
    options: dict[str, str],
    function: _BatchFunction | None,
    output: FlowOutput,
    checkpoint: Path,
) -> None:
    if function is not None:
        function(output.frame, 0)
        return
    writer = output.frame.write.format(sink.format).mode("append").options(**options)
    if sink.format.casefold() == "delta":
        exactly_once(writer, context, checkpoint)
    with _format_found(sink):
        writer.save()


@contextmanager
def _format_found(sink: Sink) -> Iterator[None]:
    """Tell at the sink that Spark knows no format of its name."""
    try:
        yield
    except Exception as error:
        # An unknown format is a Java exception of its own, which PySpark does not convert.
        if not any(sign in str(error) for sign in (f"{sink.format}.DefaultSource", _UNKNOWN)):
            raise
        code = codes.SINK_FORMAT_UNKNOWN
        at, name = sink.at, ".".join(sink.name)
        raise MillpondError(code, at=at, sink=name, format=sink.format) from error


def _with_names(
    context: UpdateContext,
    graph: ResolvedGraph,
    dataset: ResolvedDataset,
    flow: ResolvedFlow,
    sink: Sink,
) -> _BatchFunction | None:
    """The sink's function, in which the names of the pipeline's tables mean what they do here."""
    if sink.function is None:
        return None
    user = sink.function
    reading = FlowQuery(context, graph).reading(flow.flow, dataset.name)

    def call(frame: DataFrame, batch: int) -> None:
        # Several flows may share the function, which need not be written for that.
        with context.state.creating(dataset.name), evaluating(Evaluation(None, reading)):
            user(frame, batch)

    return call


def _remember_table(context: UpdateContext, sink: Sink, path: Path) -> None:
    """A table that a sink made in the state folder can be read by name from now on."""
    table = next((v for k, v in sink.options.items() if k.casefold() == "tablename"), None)
    if table is None or not is_table(path):
        return
    name = table_name(context, sink, table)
    if path != context.state.table_path(name):
        return
    known: Any = context.state.tables.get(name.key)
    record = known or StoredTable(name.catalog, name.schema, name.name, WRITTEN, pipeline="")
    context.state.record(replace(record, created=True))
