"""Run a materialized view: recompute its query unless nothing changed; replace it in one commit."""

from __future__ import annotations

from millpond.engine.context import UpdateContext
from millpond.engine.evaluation.answers import FlowQuery
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.writing.output import guarded_table
from millpond.engine.writing.progress import FlowProgress
from millpond.engine.writing.tables import delta_properties
from millpond.engine.writing.unchanged import Computation, computation
from millpond.quality.counts import counts_of_batch


def run_materialize(
    context: UpdateContext,
    graph: ResolvedGraph,
    dataset: ResolvedDataset,
    flow: ResolvedFlow,
    progress: FlowProgress,
    *,
    renew: bool = False,
) -> Computation:
    """Overwrite the table with the query's result; readers see the old rows or the new ones.

    A table that would come out as it is stays as it is, unless `renew` asks for it all the same.
    Returns what it was computed from.
    """
    query = FlowQuery(context, graph)
    frame = query.frame(dataset, flow)
    guarded, own = guarded_table(frame, dataset, flow)
    computed = computation(context.session, dataset, guarded)
    path = context.state.table_path(dataset.name)
    issue = "CONFIGURATION_CHANGED" if renew else computed.changed_since(path)
    progress.planned(issue)
    if issue is None:
        progress.status("COMPLETED")
        return computed
    writer = (
        guarded.write.format("delta")
        .mode("overwrite")
        .option("overwriteSchema", "true")
        .option("userMetadata", computed.metadata)
        .options(**delta_properties(dataset))
    )
    if dataset.dataset.partition_by:
        writer = writer.partitionBy(*dataset.dataset.partition_by)
    elif dataset.dataset.cluster_by:
        writer = writer.clusterBy(*dataset.dataset.cluster_by)
    writer.save(str(path))
    context.state.mark_created(dataset.name)
    progress.numbers("COMPLETED", [counts_of_batch(each) for each in (own, *query.guards)])
    return computed
