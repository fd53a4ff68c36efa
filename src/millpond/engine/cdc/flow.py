"""Run an AUTO CDC flow: apply the events of a change feed to its target, batch by batch."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from millpond.cdc.events import change_events
from millpond.cdc.hidden import END, PREFIX, ROW, SEQUENCE, START, VISIBLE
from millpond.cdc.layout import ChangeLayout
from millpond.cdc.names import column
from millpond.definitions import AutoCdc
from millpond.engine.cdc.batch import Places, apply_batch
from millpond.engine.cdc.retention import is_older, tombstone_retention
from millpond.engine.cdc.target import ChangeTable
from millpond.engine.context import UpdateContext
from millpond.engine.evaluation.answers import FlowQuery, metric_name
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.writing import tables
from millpond.engine.writing.batches import run_batches
from millpond.engine.writing.once import is_done, mark_done
from millpond.engine.writing.progress import FlowProgress
from millpond.events.metrics import Metrics
from millpond.quality.counts import counts_of_batch
from millpond.quality.flags import Guard, guard

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def run_auto_cdc(
    context: UpdateContext,
    graph: ResolvedGraph,
    dataset: ResolvedDataset,
    flow: ResolvedFlow,
    progress: FlowProgress,
) -> bool:
    """Apply everything that is there now, batch by batch, exactly once.

    Returns whether it got to the end; False if the update was asked to stop.
    """
    cdc, layout = flow.flow.cdc, dataset.layout
    assert isinstance(cdc, AutoCdc)
    assert layout is not None
    _set_up(context, dataset, layout)
    events, guards = _events(context, graph, dataset, flow, cdc, layout)
    path = context.state.table_path(dataset.name)
    places = _places(flow, cdc)
    applied: dict[int, Metrics] = {}
    failures: list[Exception] = []

    def apply(batch: DataFrame, number: int) -> None:
        try:
            with context.state.changing(dataset.name):
                table = ChangeTable(batch.sparkSession, path, layout)
                applied[number] = apply_batch(batch, table, layout, places)
        except Exception as error:
            # Spark would turn it into text.
            failures.append(error)
            raise

    try:
        return run_batches(context, dataset, flow, events, apply, guards, progress, applied)
    except Exception as error:
        if failures:
            raise failures[0] from error
        raise


def run_auto_cdc_once(
    context: UpdateContext,
    graph: ResolvedGraph,
    dataset: ResolvedDataset,
    flow: ResolvedFlow,
    progress: FlowProgress,
) -> bool:
    """Apply all events of a batch query, unless an earlier update did; returns True."""
    cdc, layout = flow.flow.cdc, dataset.layout
    assert isinstance(cdc, AutoCdc)
    assert layout is not None
    checkpoint = context.state.checkpoint_path(dataset.name, ".".join(flow.flow.name))
    if is_done(checkpoint):
        return True
    _set_up(context, dataset, layout)
    events, guards = _events(context, graph, dataset, flow, cdc, layout)
    with context.state.changing(dataset.name):
        path = context.state.table_path(dataset.name)
        table = ChangeTable(context.session, path, layout)
        metrics = apply_batch(events, table, layout, _places(flow, cdc))
    mark_done(checkpoint)
    progress.numbers("RUNNING", [counts_of_batch(each) for each in guards], metrics=metrics)
    return True


def _set_up(context: UpdateContext, dataset: ResolvedDataset, layout: ChangeLayout) -> None:
    """Make the target ready for a run, and forget deletions that are old enough."""
    kept = tombstone_retention(context.spec, dataset)
    tables.create(context, dataset)
    tables.widen(context, dataset)
    tables.enable_feed(context, dataset)
    path = context.state.table_path(dataset.name)
    cutoff = datetime.now(timezone.utc) - kept
    if is_older(path, cutoff):
        with context.state.changing(dataset.name):
            ChangeTable(context.session, path, layout).purge(cutoff)


def _events(
    context: UpdateContext,
    graph: ResolvedGraph,
    dataset: ResolvedDataset,
    flow: ResolvedFlow,
    cdc: AutoCdc,
    layout: ChangeLayout,
) -> tuple[DataFrame, tuple[Guard, ...]]:
    """The events of the flow's source, with the target's expectations enforced on upserts."""
    from pyspark.sql import functions as F

    query = FlowQuery(context, graph)
    source = query.frame(dataset, flow)
    events = _typed(change_events(source, cdc, layout), dataset, layout)
    history = {START: column(SEQUENCE), END: F.lit(None).cast(layout.sequence)}
    added = {name: value for name, value in history.items() if name in layout.history.fieldNames()}
    guarded, own = guard(
        events.withColumns(added),
        dataset.dataset.expectations,
        dataset.name,
        metric_name(dataset.name),
        among=column(ROW) == VISIBLE,
        hidden=PREFIX,
    )
    return guarded.drop(*added), (own, *query.guards)


def _typed(events: DataFrame, dataset: ResolvedDataset, layout: ChangeLayout) -> DataFrame:
    """Events with the types of the target's columns, and its NOT NULL enforced on upserts."""
    from pyspark.sql import functions as F

    required = {f.name.casefold() for f in dataset.declared or () if not f.nullable}
    present = {name.casefold() for name in events.columns}
    fitted = {}
    for field in layout.columns.fields:
        value = column(field.name) if field.name.casefold() in present else F.lit(None)
        value = value.cast(field.dataType)
        if field.name.casefold() in required:
            message = f"NOT NULL constraint violated for column: {field.name}"
            stop = F.raise_error(F.lit(message)).cast(field.dataType)
            value = F.when((column(ROW) == VISIBLE) & value.isNull(), stop).otherwise(value)
        fitted[field.name] = value.alias(field.name)
    hidden = {field.name: field.dataType for field in layout.hidden.fields}
    others = [
        column(name).cast(hidden[name]).alias(name) if name in hidden else column(name)
        for name in events.columns
        if name.startswith(PREFIX)
    ]
    return events.select(*fitted.values(), *others)


def _places(flow: ResolvedFlow, cdc: AutoCdc) -> Places:
    where = cdc.where.at if cdc.where is not None else None
    return Places(str(flow.name), cdc.at, cdc.sequence_by.at, where)
