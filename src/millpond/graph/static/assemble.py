"""Bring declarations together by name: nodes, edges, and kinds that follow from what is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from millpond import codes
from millpond.definitions import DatasetKind, Name, PipelineSpec, QualifiedName, qualify
from millpond.errors import MillpondError
from millpond.graph.static.declared import Declarations, DeclaredDataset, DeclaredFlow, Read
from millpond.graph.static.model import EXTERNAL, Edge, Node, StaticGraph
from millpond.graph.suggestion import suggestion

_VIEW, _TABLE = DatasetKind.TEMPORARY_VIEW.value, DatasetKind.TABLE.value
_STREAMING, _BATCH = DatasetKind.STREAMING_TABLE.value, DatasetKind.MATERIALIZED_VIEW.value


@dataclass(eq=False, slots=True)
class Assembled:
    """A dataset with its name in full and the flows that fill it.

    Attributes:
        twins: further declarations of the same name.
    """

    name: QualifiedName
    dataset: DeclaredDataset
    flows: list[DeclaredFlow] = field(default_factory=list)
    twins: list[DeclaredDataset] = field(default_factory=list)


class Assembly:
    """What a pipeline declares, by name.

    Attributes:
        stray: flows whose target is not declared.
    """

    def __init__(self, declarations: Declarations, spec: PipelineSpec) -> None:
        self._declarations = declarations
        self._spec = spec
        self._found: dict[str, Assembled] = {}
        self.stray: list[DeclaredFlow] = []
        for dataset in declarations.datasets:
            self._add(dataset)
        for flow in declarations.flows:
            self._add_flow(flow)

    @property
    def datasets(self) -> tuple[Assembled, ...]:
        """The datasets and sinks, in the order of their definition."""
        return tuple(self._found.values())

    def graph(self) -> StaticGraph:
        """Nodes of the pipeline, then those outside of it that it reads."""
        nodes = [self._node(each) for each in self._found.values()]
        edges: list[Edge] = []
        outside: dict[str, Node] = {}
        for each in self._found.values():
            for read in _reads(each.flows):
                source = self._source(read)
                if source is None:
                    continue
                known = self.find(read)
                if known is None:
                    table = self._qualified(read.name, read) if read.name is not None else None
                    outside.setdefault(source.casefold(), Node(source, EXTERNAL, table=table))
                    source = outside[source.casefold()].name
                edges.append(Edge(source, str(each.name)))
        return StaticGraph(
            (*nodes, *outside.values()),
            tuple(dict.fromkeys(edges)),
            self._declarations.warnings,
        )

    # --- names --------------------------------------------------------------------------------

    def _add(self, dataset: DeclaredDataset) -> None:
        sink = dataset.kind == EXTERNAL
        name = _sink_name(dataset.name) if sink else self._qualified(dataset.name)
        other = self._found.setdefault(name.key, Assembled(name, dataset))
        if other.dataset is dataset:
            return
        other.twins.append(dataset)
        if other.dataset.certain and dataset.certain:
            place = other.dataset.at.shown(self._spec.project)
            self._warn(codes.DUPLICATE_DATASET, dataset, name=name, other=place)
        else:
            # Two branches of which a run takes one: both describe the dataset, neither for sure.
            other.dataset.certain = False

    def _add_flow(self, flow: DeclaredFlow) -> None:
        target = self._qualified(flow.target)
        found = self._found.get(_sink_name(flow.target).key) or self._found.get(target.key)
        if found is not None:
            found.flows.append(flow)
            return
        self.stray.append(flow)
        if flow.certain:
            hint = suggestion(str(target), (str(each.name) for each in self._found.values()))
            self._warn(
                codes.FLOW_TARGET_NOT_FOUND, flow, flow=target, target=target, suggestion=hint
            )

    def _warn(self, code: codes.Code, item: DeclaredDataset | DeclaredFlow, **params: Any) -> None:
        self._declarations.warn(MillpondError(code, at=item.at, **params))

    def _qualified(self, name: Name, read: Read | None = None) -> QualifiedName:
        catalog = (read.catalog if read else None) or self._spec.catalog
        schema = (read.schema if read else None) or self._spec.schema
        return qualify(name, catalog, schema)

    def find(self, read: Read) -> Assembled | None:
        """The dataset that is read; a temporary view is found whatever schema is in force."""
        if read.name is None:
            return None
        found = self._found.get(self._qualified(read.name, read).key)
        if found is None and len(read.name) == 1:
            found = self._found.get(self._qualified(read.name).key)
            if found is not None and found.dataset.kind != _VIEW:
                return None
        return found

    def _source(self, read: Read) -> str | None:
        """The name of what is read, or None if it has no place."""
        found = self.find(read)
        if found is not None:
            return str(found.name)
        return str(self._qualified(read.name, read)) if read.name is not None else read.path

    # --- kinds --------------------------------------------------------------------------------

    def _node(self, each: Assembled) -> Node:
        dataset = each.dataset
        kind = self.kind(each)
        doubts = list(self._doubts(each, kind))
        if doubts:
            what = " and ".join(doubts)
            self._warn(codes.STATIC_DATASET_UNCERTAIN, dataset, name=each.name, what=what)
        certain = not doubts and dataset.expectations_known
        names = tuple(expectation.name for expectation in dataset.expectations)
        return Node(str(each.name), kind, dataset.at, names, certain)

    def _doubts(self, each: Assembled, kind: str) -> Iterable[str]:
        """What of a dataset is not known for sure."""
        if not each.dataset.certain:
            yield "the existence"
        if kind == _TABLE:
            yield "the kind"
        optional = each.dataset.certain and not all(flow.certain for flow in each.flows)
        understood = all(flow.understood for flow in each.flows)
        if optional or not understood or not all(read.certain for read in _reads(each.flows)):
            yield "the input"

    def kind(self, each: Assembled) -> str:
        """`@table` gives a streaming table where its frame streams, else a materialized view."""
        if each.dataset.kind != _TABLE:
            return each.dataset.kind
        streams = self._streams(each, frozenset())
        return _TABLE if streams is None else _STREAMING if streams else _BATCH

    def _streams(self, each: Assembled, above: frozenset[str]) -> bool | None:
        """Whether the frame of a dataset streams: it reads a stream, or a view that does."""
        within = above | {each.name.key}
        answers = {self._flow_streams(flow, within) for flow in each.flows}
        if not each.dataset.certain and len(answers) > 1:
            return None  # the flows may be alternatives
        if True in answers:
            return True
        return False if answers == {False} else None

    def _flow_streams(self, flow: DeclaredFlow, above: frozenset[str]) -> bool | None:
        doubtful = not flow.understood
        for read in flow.reads:
            streams = read.streaming or self._view_streams(read, above)
            if streams and read.certain:
                return True
            doubtful = doubtful or streams is not False
        return None if doubtful else False

    def _view_streams(self, read: Read, above: frozenset[str]) -> bool | None:
        view = self.find(read)
        if view is None or view.dataset.kind != _VIEW or view.name.key in above:
            return False
        return self._streams(view, above)


def _sink_name(name: Name) -> QualifiedName:
    """Sinks are the pipeline's: their names have neither catalog nor schema."""
    return QualifiedName("", "", ".".join(name))


def _reads(flows: Iterable[DeclaredFlow]) -> Iterable[Read]:
    return (read for flow in flows for read in flow.reads)
