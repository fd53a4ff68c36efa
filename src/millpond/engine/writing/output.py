"""What one flow writes: its query's frame, fitted to its table, with expectations enforced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from millpond.engine.context import UpdateContext
from millpond.engine.evaluation.answers import FlowQuery, metric_name
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.writing.computed_columns import with_computed
from millpond.engine.writing.schema import commented, conform, widened
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
    guarded, own = guarded_table(frame, dataset, flow)
    stored = context.state.tables.get(dataset.name.key)
    wider = stored.wider if stored is not None else {}
    return FlowOutput(widened(guarded, wider), (own, *query.guards))


def guarded_table(
    frame: DataFrame, dataset: ResolvedDataset, flow: ResolvedFlow
) -> tuple[DataFrame, Guard]:
    """A query's frame with its table's expectations enforced, then its columns and constraints.

    Expectations come first: a row that one drops violates no NOT NULL, and a condition may use
    the query's own aliases (reference 3.2, 3.5).
    """
    definition = dataset.dataset
    whole = with_computed(frame, dataset.declared, definition.computed, dataset.name)
    added = whole.columns[len(frame.columns) :]
    metric = metric_name(dataset.name)
    kept, own = guard(whole, definition.expectations, dataset.name, metric)
    at, computed = flow.flow.at, definition.computed
    kept = kept.drop(*added) if added else kept
    fitted = conform(kept, dataset.declared, dataset.name, at, computed)
    return commented(fitted, definition.column_comments), own
