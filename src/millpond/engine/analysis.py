"""Resolve the graph by asking: every query is evaluated once on empty frames.

A query that reads a dataset has that dataset resolved first, in the middle of its own
evaluation; so the order of definitions does not matter and a circle shows as a dataset that is
still being resolved. Nothing is written and no data is read (Auto Loader looks at files to infer
their columns).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import DatasetKind, Flow, FlowKind, QualifiedName
from millpond.engine.cdc.analysis import ChangesOfTarget
from millpond.engine.configuration import applied_configuration, flow_settings
from millpond.engine.context import UpdateContext
from millpond.engine.evaluation.evaluate import evaluate
from millpond.engine.evaluation.reading import Reading, reading_for, streamable
from millpond.engine.evaluation.relations import evaluating
from millpond.engine.evaluation.stand_in import asks_for_changes, stand_in, with_changes
from millpond.engine.flow_query_checks import check_replacement, check_streaming
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.snapshots.analysis import SnapshotAnalysis
from millpond.engine.snapshots.source import is_versioned
from millpond.engine.writing.computed_columns import check_computed, with_computed, with_identities
from millpond.engine.writing.schema import commented, conform, declared_schema, merged
from millpond.engine.writing.sink_places import check_columns, local_options
from millpond.engine.writing.storable import check_storable
from millpond.errors import Failures, MillpondError
from millpond.graph.declared import Node
from millpond.location import Span
from millpond.quality.flags import check

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

_STORED = (DatasetKind.STREAMING_TABLE, DatasetKind.MATERIALIZED_VIEW)


class _Unresolved(BaseException):
    """Stops a query whose input did not resolve; no `except Exception` of a user's catches it."""


class Analyzer:
    """Resolves the datasets of one declared graph, each once.

    Args:
        renewed: keys of the tables that the update empties before it fills them.
    """

    def __init__(self, context: UpdateContext, renewed: frozenset[str] = frozenset()) -> None:
        self._context = context
        self._resolved: dict[str, ResolvedDataset] = {}
        self._failed: set[str] = set()
        self._feeds: set[str] = set()
        self._path: list[QualifiedName] = []
        self._errors: list[MillpondError] = []
        self._snapshots = SnapshotAnalysis(context, renewed)

    def resolve(self, roots: frozenset[str] | None = None) -> ResolvedGraph:
        """The resolved graph: of the datasets of these keys and what they read; None for all.

        Raises:
            Failures: every error found; a dataset that only fails because an input did is not
                reported again.
        """
        for key, node in self._context.graph.nodes.items():
            if roots is not None and key not in roots:
                continue
            try:
                self._dataset(node)
            except _Unresolved:
                continue
        if self._errors:
            raise Failures(self._errors)
        order = self._context.graph.nodes
        found = {key: self._resolved[key] for key in order if key in self._resolved}
        for key in self._feeds & found.keys():
            found[key] = replace(found[key], feeds=True)
        return ResolvedGraph(found)

    def _dataset(self, node: Node) -> ResolvedDataset:
        key = node.name.key
        if key in self._resolved:
            return self._resolved[key]
        if key in self._failed:
            raise _Unresolved
        self._path.append(node.name)
        try:
            self._resolved[key] = self._analysed(node)
        except MillpondError as error:
            self._fail(node, [error])
        except Failures as failures:
            self._fail(node, failures.errors)
        except _Unresolved:
            self._failed.add(key)
            raise
        finally:
            self._path.pop()
        return self._resolved[key]

    def _fail(self, node: Node, errors: list[MillpondError] | tuple[MillpondError, ...]) -> None:
        self._failed.add(node.name.key)
        self._errors.extend(errors)
        raise _Unresolved

    def _analysed(self, node: Node) -> ResolvedDataset:
        from pyspark.sql.types import StructType

        session = self._context.session
        declared = declared_schema(session, node.dataset, node.name)
        if node.sink is not None:
            local_options(self._context, node.sink)
        kind = node.dataset.kind
        schema: StructType | None = None
        changes = ChangesOfTarget(node.name)
        flows = []
        for flow in node.flows:
            frame, reading = self._frame(flow, node)
            if kind is DatasetKind.TABLE:
                kind = _kind_of(frame)
            check_streaming(frame, kind, flow, node)
            check_computed(node, kind, declared)
            with evaluating(None):
                frame = changes.add(frame, flow)
                computed = node.dataset.computed
                whole = with_computed(frame, declared, computed, node.name)
                check(whole, node.dataset.expectations, node.name)
                if flow.kind is FlowKind.SNAPSHOT_CDC:
                    frame = self._snapshots.target(frame, flow, node.name, declared)
                fitted = conform(frame, declared, node.name, flow.at, computed)
                fitted = commented(fitted, node.dataset.column_comments)
                columns = with_identities(fitted.schema, declared, node.dataset)
                if kind in _STORED:
                    properties = node.dataset.table_properties
                    check_storable(session, fitted.schema, properties, flow, node.name)
                check_replacement(frame, flow, node.name)
                if node.sink is not None:
                    check_columns(frame, node.sink, flow)
            if schema is None or node.sink is not None:
                schema = columns
            else:
                schema = _union(schema, columns, node.name, flow)
            name = self._context.graph.qualified(flow.name)
            kinded = replace(flow, kind=_flow_kind(flow, kind))
            asked = self._snapshots.asked(flow)
            flows.append(ResolvedFlow(name, kinded, tuple(reading.seen.values()), asked))
        return ResolvedDataset(
            node.name,
            node.dataset,
            kind,
            schema if schema is not None else StructType(),
            declared,
            tuple(flows),
            node.sink,
            changes.layout(schema) if schema is not None else None,
        )

    def _frame(self, flow: Flow, node: Node) -> tuple[DataFrame, Reading]:
        session = self._context.session
        reading = reading_for(self._context, flow, node.name, self._stand_in, running=False)
        with applied_configuration(session, flow_settings(flow)):
            if is_versioned(flow):
                return self._snapshots.first(flow, node.name, reading), reading
            return evaluate(flow, node.name, session, reading), reading

    def _stand_in(
        self, node: Node, streaming: bool, options: Mapping[str, str], at: Span
    ) -> DataFrame:
        """An empty frame with the columns of a dataset, which is resolved first."""
        if node.name in self._path:
            circle = [*self._path[self._path.index(node.name) :], node.name]
            cycle = " -> ".join(str(name) for name in circle)
            raise MillpondError(codes.GRAPH_CYCLE, at=at, cycle=cycle)
        with evaluating(None):
            resolved = self._dataset(node)
            if resolved.is_view:
                self._check_published(node, at)
                frame, _ = self._frame(node.flows[0], node)
                return streamable(frame, streaming, node.name, at)
            if asks_for_changes(options):
                self._feeds.add(resolved.name.key)
            columns = with_changes(resolved.schema, options)
            return stand_in(self._context.session, columns, streaming)

    def _check_published(self, view: Node, at: Span) -> None:
        """A view of the catalog outlives the update, and may not read one that does not."""
        reader = self._context.graph.nodes[self._path[-1].key]
        if reader.dataset.published and not view.dataset.published:
            raise MillpondError(
                codes.INVALID_TEMP_OBJ_REFERENCE, at=at, view=reader.name, name=view.name
            )


def _kind_of(frame: DataFrame) -> DatasetKind:
    return DatasetKind.STREAMING_TABLE if frame.isStreaming else DatasetKind.MATERIALIZED_VIEW


def _flow_kind(flow: Flow, kind: DatasetKind) -> FlowKind:
    """The kind of a flow, decided with its dataset's where `@table` left that open."""
    if flow.kind is not FlowKind.TABLE:
        return flow.kind
    return FlowKind.APPEND if kind is DatasetKind.STREAMING_TABLE else FlowKind.COMPLETE


def _union(schema: StructType, columns: StructType, name: QualifiedName, flow: Flow) -> StructType:
    whole, clashes = merged(schema, columns)
    if clashes:
        reason = f"flow {'.'.join(flow.name)} gives {', '.join(clashes)} another type"
        raise MillpondError(codes.SCHEMA_MISMATCH, at=flow.at, dataset=name, reason=reason)
    return whole
