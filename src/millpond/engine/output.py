"""What one flow writes: its query's frame, fitted to its table, with expectations enforced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from millpond.engine.answers import FlowQuery, metric_name
from millpond.engine.context import UpdateContext
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.schema import commented, conform
from millpond.quality.counts import Counts, counts_of_batch
from millpond.quality.flags import Guard, guard

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True, slots=True)
class FlowOutput:
    """The frame to write.

    Attributes:
        guards: the expectations that are counted while it is written: those of its own dataset
            first, then those of the views its query reads.
    """

    frame: DataFrame
    guards: tuple[Guard, ...]

    def counts(self) -> list[Counts | None]:
        """The counts of a batch frame, after it was written."""
        return [counts_of_batch(each) for each in self.guards]


def flow_output(
    context: UpdateContext, graph: ResolvedGraph, dataset: ResolvedDataset, flow: ResolvedFlow
) -> FlowOutput:
    """Evaluate a flow's query over the stored tables.

    Raises:
        MillpondError: what is wrong in the query, or SCHEMA_MISMATCH.
    """
    query = FlowQuery(context, graph)
    frame = query.frame(dataset, flow)
    frame = conform(frame, dataset.declared, dataset.name, flow.flow.at)
    frame = commented(frame, dataset.dataset.column_comments)
    expectations = dataset.dataset.expectations
    guarded, own = guard(frame, expectations, dataset.name, metric_name(dataset.name))
    return FlowOutput(guarded, (own, *query.guards))
