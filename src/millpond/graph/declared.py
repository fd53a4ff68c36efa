"""The graph as declared: datasets by full name with the flows that fill them; no query is run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from millpond import codes
from millpond.codes import Code
from millpond.definitions import (
    Dataset,
    DatasetKind,
    Definitions,
    Flow,
    FlowKind,
    Name,
    PipelineSpec,
    QualifiedName,
    Sink,
    qualify,
)
from millpond.errors import Failures, MillpondError
from millpond.graph.suggestion import suggestion
from millpond.graph.targets import expectation_errors, sink_errors, table_errors


@dataclass(frozen=True, slots=True)
class Node:
    """A dataset or a sink, its full name, and the flows that fill it."""

    name: QualifiedName
    dataset: Dataset
    flows: tuple[Flow, ...]
    sink: Sink | None = None


@dataclass(frozen=True, slots=True)
class DeclaredGraph:
    """Nodes by `QualifiedName.key`, in the order of their definition."""

    nodes: Mapping[str, Node]
    catalog: str
    schema: str

    def qualified(
        self, name: Name, catalog: str | None = None, schema: str | None = None
    ) -> QualifiedName:
        """A name in full; `catalog` and `schema` are those in force where it is written."""
        return qualify(name, catalog or self.catalog, schema or self.schema)

    def find(
        self, name: Name, catalog: str | None = None, schema: str | None = None
    ) -> Node | None:
        """The dataset a name means, or None if this pipeline does not define it.

        A bare name also finds a temporary view under another `USE SCHEMA`: views have none.
        """
        node = self.nodes.get(self.qualified(name, catalog, schema).key)
        if node is None and len(name) == 1:
            node = self.nodes.get(self.qualified(name).key)
            if node is not None and not _is_own_view(node.dataset):
                return None
        return node


def _is_own_view(dataset: Dataset) -> bool:
    return dataset.kind is DatasetKind.TEMPORARY_VIEW and not dataset.published


def declare(definitions: Definitions, spec: PipelineSpec) -> DeclaredGraph:
    """Bring datasets and flows together by name.

    Raises:
        Failures: duplicate names, flows without a target, datasets without a flow, and
            duplicate expectations, all at once.
    """
    errors: list[MillpondError] = []
    datasets: dict[str, tuple[QualifiedName, Dataset]] = {}
    for dataset in definitions.datasets:
        name = qualify(dataset.name, spec.catalog, spec.schema)
        known = datasets.setdefault(name.key, (name, dataset))
        if known[1] is not dataset:
            errors.append(_duplicate(codes.DUPLICATE_DATASET, name, dataset, known[1], spec))
        errors.extend(_duplicate_expectations(name, dataset))
    sinks = _sinks(definitions.sinks, datasets, spec, errors)
    targets = {key: name for key, (name, _) in (*datasets.items(), *sinks.items())}
    flows = _flows_by_target(definitions.flows, targets, spec, errors)
    nodes = {
        key: Node(name, dataset, tuple(flows.get(key, ())))
        for key, (name, dataset) in datasets.items()
    }
    for key, (name, sink) in sinks.items():
        dataset = Dataset(sink.name, DatasetKind.SINK, sink.at, "PYTHON")
        nodes[key] = Node(name, dataset, tuple(flows.get(key, ())), sink)
    errors.extend(error for node in nodes.values() for error in _node_errors(node, spec))
    if errors:
        raise Failures(errors)
    return DeclaredGraph(nodes, spec.catalog, spec.schema)


def _sinks(
    sinks: Iterable[Sink],
    datasets: Mapping[str, tuple[QualifiedName, Dataset]],
    spec: PipelineSpec,
    errors: list[MillpondError],
) -> dict[str, tuple[QualifiedName, Sink]]:
    """Sinks by their names, which are of the pipeline and so without catalog and schema."""
    found: dict[str, tuple[QualifiedName, Sink]] = {}
    for sink in sinks:
        name = QualifiedName("", "", ".".join(sink.name))
        known = found.setdefault(name.key, (name, sink))[1]
        dataset = datasets.get(qualify(sink.name, spec.catalog, spec.schema).key)
        other = known if known is not sink else dataset[1] if dataset is not None else None
        if other is not None:
            errors.append(_duplicate(codes.DUPLICATE_SINK, name, sink, other, spec))
    return found


def _flows_by_target(
    flows: Iterable[Flow],
    targets: Mapping[str, QualifiedName],
    spec: PipelineSpec,
    errors: list[MillpondError],
) -> dict[str, list[Flow]]:
    by_target: dict[str, list[Flow]] = {}
    by_name: dict[str, Flow] = {}
    for flow in flows:
        target = _target(flow, targets, spec)
        name = qualify(flow.name, spec.catalog, spec.schema)
        other = by_name.setdefault(name.key, flow)
        # Two definitions of one dataset are reported once, as datasets.
        own = name.key == target.key == _target(other, targets, spec).key
        if other is not flow and not own:
            errors.append(_duplicate(codes.DUPLICATE_FLOW, name, flow, other, spec))
        if target.key not in targets:
            hint = suggestion(str(target), map(str, targets.values()))
            errors.append(
                MillpondError(
                    codes.FLOW_TARGET_NOT_FOUND,
                    at=flow.at,
                    flow=name,
                    target=target,
                    suggestion=hint,
                )
            )
        by_target.setdefault(target.key, []).append(flow)
    return by_target


def _target(flow: Flow, targets: Mapping[str, QualifiedName], spec: PipelineSpec) -> QualifiedName:
    """The dataset or sink a flow writes to; of two with the same name, the sink."""
    sink = targets.get(".".join(flow.target).casefold())
    return sink or qualify(flow.target, spec.catalog, spec.schema)


def _node_errors(node: Node, spec: PipelineSpec) -> Iterable[MillpondError]:
    if node.sink is not None:
        yield from sink_errors(node.sink, node.flows)
        return
    yield from table_errors(node.name, node.flows)
    yield from expectation_errors(node.name, node.flows, node.dataset.expectations)
    if not node.flows:
        yield MillpondError(codes.DATASET_WITHOUT_FLOW, at=node.dataset.at, name=node.name)
    if node.dataset.managed:
        yield from _managed_errors(node)
    if node.dataset.kind in (DatasetKind.STREAMING_TABLE, DatasetKind.TABLE):
        return
    for flow in node.flows:
        if qualify(flow.name, spec.catalog, spec.schema).key != node.name.key:
            yield MillpondError(
                codes.MATERIALIZED_VIEW_WITH_MULTIPLE_QUERIES,
                at=flow.at,
                flow=".".join(flow.name),
                target=node.name,
            )


def _managed_errors(node: Node) -> Iterable[MillpondError]:
    """A table made by CREATE TABLE takes rows only (reference 2.5)."""
    for flow in node.flows:
        if flow.kind is not FlowKind.APPEND:
            yield MillpondError(
                codes.MANAGED_TABLE_DOES_NOT_SUPPORT_CDC,
                at=flow.at,
                table=node.name,
                flow="AUTO CDC" if flow.cdc is not None else flow.kind.value.replace("_", " "),
            )


_SAME_LINE = (
    "One line defines both: give each round of a loop a name of its own, and do not import from a"
    " file that is source of the pipeline itself."
)


def _duplicate(
    code: Code,
    name: QualifiedName,
    second: Dataset | Flow | Sink,
    first: Dataset | Flow | Sink,
    spec: PipelineSpec,
) -> MillpondError:
    hint = _SAME_LINE if first.at == second.at else None
    other = first.at.shown(spec.project)
    return MillpondError(code, at=second.at, hint=hint, name=name, other=other)


def _duplicate_expectations(name: QualifiedName, dataset: Dataset) -> Iterable[MillpondError]:
    counts = Counter(expectation.name for expectation in dataset.expectations)
    seen: set[str] = set()
    for expectation in dataset.expectations:
        if counts[expectation.name] > 1 and expectation.name in seen:
            yield MillpondError(
                codes.DUPLICATE_EXPECTATION,
                at=expectation.at,
                dataset=name,
                name=expectation.name,
            )
        seen.add(expectation.name)
