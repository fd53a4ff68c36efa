"""Rehearse AUTO CDC: apply a pipeline's own feeds in several orders, and compare the targets.

Everything happens in a folder of its own; the tables of the project are neither read nor
written. One update collects the feeds, as the flows' sources give them; then every order is an
update of the targets alone, over those feeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from millpond import codes
from millpond.cdc.hidden import visible
from millpond.definitions import (
    AutoCdc,
    Dataset,
    DatasetKind,
    Flow,
    FlowKind,
    PipelineSpec,
    PythonQuery,
    QualifiedName,
    parse_name,
)
from millpond.engine.outside import read_delta
from millpond.engine.part import Part, PartChooser
from millpond.engine.rehearsal_feed import (
    KEY,
    ROW,
    as_json,
    events_of,
    null_sequences,
    tied_events,
    ties,
    write_shuffled,
)
from millpond.engine.rehearsal_outcome import (
    Difference,
    Reason,
    RehearsalOutcome,
    TargetOutcome,
)
from millpond.engine.relations import evaluating
from millpond.engine.state import State, read_state
from millpond.errors import MillpondError
from millpond.graph.declared import DeclaredGraph, Node
from millpond.graph.suggestion import suggestion
from millpond.sources.inputs import LocalInputs

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from millpond.events.outcome import ErrorSummary

_FEED = "__millpond_feed_{number}"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What to rehearse.

    Attributes:
        folder: an empty folder to work in.
        targets: names of tables; none for every target of AUTO CDC.
        shuffles: how many orders are tried beside the feed as it is.
        batches: how many each of them is cut into.
    """

    spec: PipelineSpec
    inputs: LocalInputs
    folder: Path
    targets: tuple[str, ...] = ()
    shuffles: int = 3
    batches: int = 4
    seed: int = 0


class RehearsalFailed(Exception):  # noqa: N818 - what happened, not a kind of error
    """An update of the rehearsal failed; nothing can be said of the order of events."""

    def __init__(self, errors: tuple[ErrorSummary, ...]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{each.code}: {each.message}" for each in errors))


@dataclass(frozen=True, slots=True)
class _Target:
    """A target, the flows into it, and where the feed of each is collected."""

    node: Node
    flows: tuple[tuple[AutoCdc, QualifiedName], ...]


def rehearse(rehearsal: Rehearsal, tell: Callable[[str], None]) -> RehearsalOutcome:
    """Apply the feeds as they are and shuffled, and say whether the targets are the same.

    Args:
        tell: called with what is being done, in a few words.

    Raises:
        RehearsalFailed: the pipeline fails, whatever the order.
        MillpondError, Failures: as `run_update`.
    """
    tell("collecting the feeds")
    targets: list[_Target] = []
    collected = rehearsal.folder / "collected"
    _update(rehearsal, collected, _collect(rehearsal.targets, targets))
    feeds = _Feeds(read_state(collected))
    outcomes = {target.node.name.key: _examined(target, feeds) for target in targets}
    tried = [target for target in targets if outcomes[target.node.name.key].nulls is None]
    expected: Path | None = None
    for order in range(rehearsal.shuffles + 1) if tried else ():
        tell("applying them as they are" if order == 0 else f"applying shuffle {order}")
        state = _applied(rehearsal, tried, feeds, order)
        if expected is None:
            expected = state
            continue
        for target in tried:
            key = target.node.name.key
            if outcomes[key].difference is None:
                found = _difference(target, feeds, expected, state, order)
                outcomes[key] = replace(outcomes[key], difference=found)
    return RehearsalOutcome(
        rehearsal.seed, rehearsal.shuffles, rehearsal.batches, tuple(outcomes.values())
    )


@dataclass(frozen=True, slots=True)
class _Feeds:
    """The collected feeds."""

    state: State

    def frame(self, name: QualifiedName) -> DataFrame:
        """The events of one flow."""
        return _table(self.state, name)

    def events(self, target: _Target) -> DataFrame:
        """The events of all flows of a target, for `rehearsal_feed`."""
        return events_of([(cdc, self.frame(name)) for cdc, name in target.flows])


def _collect(only: tuple[str, ...], found: list[_Target]) -> PartChooser:
    """The part of the graph that gives the feeds, each as a table."""

    def choose(session: SparkSession, state: State, graph: DeclaredGraph) -> Part:
        nodes = dict(graph.nodes)
        roots: set[str] = set()
        for node in _chosen(graph, only):
            flows = []
            for flow in node.flows:
                assert isinstance(flow.cdc, AutoCdc), "chosen"
                name = QualifiedName(
                    node.name.catalog, node.name.schema, _FEED.format(number=len(roots))
                )
                nodes[name.key] = _feed_node(name, flow)
                roots.add(name.key)
                flows.append((flow.cdc, name))
            found.append(_Target(node, tuple(flows)))
        return Part(DeclaredGraph(nodes, graph.catalog, graph.schema), frozenset(roots))

    return choose


def _chosen(graph: DeclaredGraph, only: tuple[str, ...]) -> Iterator[Node]:
    targets = {
        key: node
        for key, node in graph.nodes.items()
        if any(flow.kind is FlowKind.AUTO_CDC for flow in node.flows)
    }
    known = [str(node.name) for node in targets.values()]
    if not targets:
        raise MillpondError(codes.REHEARSE_NOTHING)
    wanted = set()
    for name in only:
        node = graph.find(parse_name(name))
        if node is None or node.name.key not in targets:
            raise MillpondError(
                codes.UNKNOWN_SELECTION,
                option="--table",
                name=name,
                suggestion=suggestion(name, known),
                known=", ".join(known),
            )
        wanted.add(node.name.key)
    return (node for key, node in targets.items() if not wanted or key in wanted)


def _feed_node(name: QualifiedName, flow: Flow) -> Node:
    parts = (name.catalog, name.schema, name.name)
    dataset = Dataset(parts, DatasetKind.STREAMING_TABLE, flow.at, flow.language)
    feed = replace(flow, name=parts, target=parts, kind=FlowKind.APPEND, cdc=None)
    return Node(name, dataset, (feed,))


def _applied(rehearsal: Rehearsal, targets: Sequence[_Target], feeds: _Feeds, order: int) -> Path:
    """The state folder of an update that applies the feeds in one order."""
    folder = rehearsal.folder / str(order)
    paths: dict[str, Path] = {}
    for target in targets:
        for _, name in target.flows:
            paths[name.key] = folder / "feeds" / name.name
            batches = 1 if order == 0 else rehearsal.batches
            write_shuffled(feeds.frame(name), paths[name.key], batches, rehearsal.seed + 7 * order)
    _update(rehearsal, folder / "state", _apply(targets, paths))
    return folder / "state"


def _apply(targets: Sequence[_Target], paths: Mapping[str, Path]) -> PartChooser:
    """The targets alone, over the feeds in these folders, a commit a batch."""

    def choose(session: SparkSession, state: State, graph: DeclaredGraph) -> Part:
        nodes = {}
        for target in targets:
            flows = [
                replace(flow, query=PythonQuery(_reader(session, paths[name.key])), once=False)
                for flow, (_, name) in zip(
                    graph.nodes[target.node.name.key].flows, target.flows, strict=True
                )
            ]
            node = graph.nodes[target.node.name.key]
            nodes[node.name.key] = Node(node.name, node.dataset, tuple(flows))
        return Part(DeclaredGraph(nodes, graph.catalog, graph.schema), frozenset(nodes))

    return choose


def _reader(session: SparkSession, path: Path) -> Callable[[], DataFrame]:
    def read() -> DataFrame:
        with evaluating(None):
            return read_delta(session, path, True, {"maxFilesPerTrigger": "1"})

    return read


def _examined(target: _Target, feeds: _Feeds) -> TargetOutcome:
    """What the feeds themselves tell."""
    events = feeds.events(target).persist()
    try:
        return TargetOutcome(
            str(target.node.name),
            tuple(".".join(flow.name) for flow in target.node.flows),
            sum(feeds.frame(name).count() for _, name in target.flows),
            ties(events),
            null_sequences(events),
        )
    finally:
        events.unpersist()


def _difference(
    target: _Target, feeds: _Feeds, expected: Path, found: Path, order: int
) -> Difference | None:
    """The first key, by its JSON, that has other rows in the second state than in the first."""
    from pyspark.sql import functions as F

    keys = target.flows[0][0].keys
    first, second = (
        _rows(read_state(state), target.node.name, keys) for state in (expected, found)
    )
    only_first, only_second = first.exceptAll(second), second.exceptAll(first)
    key = only_first.unionByName(only_second).agg(F.min(KEY)).collect()[0][0]
    if key is None:
        return None
    shown = [
        tuple(sorted(row[ROW] for row in frame.filter(F.col(KEY) == key).collect()))
        for frame in (first, second)
    ]
    tied = tied_events(feeds.events(target), key)
    return Difference(key, order, shown[0], shown[1], Reason.TIE if tied else Reason.UNKNOWN)


def _rows(state: State, name: QualifiedName, keys: Sequence[str]) -> DataFrame:
    """The rows of a target as its users see them, as JSON, with their keys."""
    from pyspark.sql import functions as F

    rows = _table(state, name)
    whole = F.to_json(F.struct("*"), {"ignoreNullFields": "false"})
    return rows.select(as_json(keys).alias(KEY), whole.alias(ROW))


def _table(state: State, name: QualifiedName) -> DataFrame:
    from millpond.engine.session import start_session

    return visible(read_delta(start_session(state.logs), state.table_path(name), False, {}))


def _update(rehearsal: Rehearsal, state: Path, part: PartChooser) -> None:
    from millpond.engine.update import UpdateRequest, run_update

    request = UpdateRequest(rehearsal.spec, state, rehearsal.inputs, part=part)
    summary = run_update(request, lambda event: None)
    if summary.state != "COMPLETED":
        raise RehearsalFailed(summary.errors)
