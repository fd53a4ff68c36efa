"""Evaluate a flow's query for real: datasets are their Delta tables, views their own queries."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import Flow, QualifiedName
from millpond.engine.context import UpdateContext
from millpond.engine.evaluation.evaluate import evaluate
from millpond.engine.evaluation.outside import read_delta
from millpond.engine.evaluation.reading import Reading, reading_for, streamable
from millpond.engine.evaluation.relations import evaluating
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.errors import MillpondError
from millpond.graph.declared import Node
from millpond.location import Span
from millpond.quality.flags import Guard, guard

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_numbers = itertools.count(1)


class FlowQuery:
    """One flow's query over the stored tables.

    Attributes:
        guards: the expectations of the views that the query reads; their counts arrive with the
            flow's own (reference 3.5).
    """

    def __init__(self, context: UpdateContext, graph: ResolvedGraph) -> None:
        self._context = context
        self._graph = graph
        self._views: dict[str, DataFrame] = {}
        self.guards: list[Guard] = []

    def frame(self, dataset: ResolvedDataset, flow: ResolvedFlow) -> DataFrame:
        """The frame of the query, before the expectations of its own dataset."""
        return self._evaluated(flow.flow, dataset.name)

    def _evaluated(self, flow: Flow, table: QualifiedName) -> DataFrame:
        return evaluate(flow, table, self._context.session, self.reading(flow, table))

    def reading(self, flow: Flow, table: QualifiedName) -> Reading:
        """What reads mean in a flow's query, over the stored tables."""
        return reading_for(self._context, flow, table, self._dataset)

    def _dataset(
        self, node: Node, streaming: bool, options: Mapping[str, str], at: Span
    ) -> DataFrame:
        resolved = self._graph.datasets[node.name.key]
        if resolved.is_view:
            return streamable(self._view(resolved), streaming, node.name, at)
        stored = self._context.state.tables.get(node.name.key)
        if stored is None or not stored.created:
            raise MillpondError(codes.TABLE_NOT_CREATED, at=at, name=node.name)
        path = self._context.state.table_path(node.name)
        return read_delta(self._context.session, path, streaming, options)

    def _view(self, view: ResolvedDataset) -> DataFrame:
        """A view's frame, once a query: read twice, its rows are still counted once."""
        key = view.name.key
        if key not in self._views:
            with evaluating(None):
                frame = self._evaluated(view.flows[0].flow, view.name)
                expectations = view.dataset.expectations
                if expectations:
                    metric = metric_name(view.name)
                    frame, applied = guard(frame, expectations, view.name, metric)
                    self.guards.append(applied)
                self._views[key] = frame
        return self._views[key]


def metric_name(dataset: QualifiedName) -> str:
    """A name for observed metrics that no other frame of this process has."""
    return f"millpond:{dataset}:{next(_numbers)}"
