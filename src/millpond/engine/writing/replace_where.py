"""Run a REPLACE WHERE flow: a query's rows in place of those a predicate selects (4.9)."""

from __future__ import annotations

from millpond import codes
from millpond.engine.context import UpdateContext
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.writing import tables
from millpond.engine.writing.output import flow_output
from millpond.engine.writing.progress import FlowProgress
from millpond.errors import MillpondError
from millpond.quality.expressions import spark_text

_MISMATCH = "DELTA_REPLACE_WHERE_MISMATCH"


def run_replace_where(
    context: UpdateContext,
    graph: ResolvedGraph,
    dataset: ResolvedDataset,
    flow: ResolvedFlow,
    progress: FlowProgress,
) -> bool:
    """Replace the rows in one commit; rows that do not match the predicate stay as they are.

    Returns True: it got to the end.

    Raises:
        MillpondError: DELTA_REPLACE_WHERE_MISMATCH if the query gives other rows.
    """
    from pyspark.errors import PySparkException

    tables.create(context, dataset)
    output = flow_output(context, graph, dataset, flow)
    predicate = spark_text(str(flow.flow.replace_where), output.frame, flow.flow.at)
    writer = (
        output.frame.write.format("delta")
        .mode("overwrite")
        .option("replaceWhere", predicate)
        .option("mergeSchema", "true")
    )
    try:
        writer.save(str(context.state.table_path(dataset.name)))
    except PySparkException as error:
        if _MISMATCH not in f"{error}\n{getattr(error, '_stackTrace', '')}":
            raise
        raise MillpondError(
            codes.REPLACE_WHERE_MISMATCH,
            at=flow.flow.at.narrowed("replace_where"),
            flow=flow.name,
            predicate=flow.flow.replace_where,
            target=dataset.name,
        ) from error
    progress.numbers("RUNNING", output.counts())
    return True
