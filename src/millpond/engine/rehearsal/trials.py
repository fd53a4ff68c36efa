"""Rehearse AUTO CDC: apply a pipeline's own feeds in several orders, and compare the targets.

Everything happens in a folder of its own; the tables of the project are neither read nor
written. One update collects the feeds, as the flows' sources give them; a second one fills a
copy of each target for every order, over those feeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
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
    QualifiedName,
    parse_name,
)
from millpond.engine.evaluation.outside import read_delta
from millpond.engine.evaluation.relations import evaluating
from millpond.engine.part import Part, PartChooser
from millpond.engine.rehearsal.copy import copy_of, name_of_copy
from millpond.engine.rehearsal.feed import (
    KEY,
    ROW,
    as_json,
    events_of,
    null_sequences,
    shuffled_feed,
    tied_events,
    ties,
    write_shuffled,
)
from millpond.engine.rehearsal.outcome import (
    Difference,
    Reason,
    RehearsalOutcome,
    TargetOutcome,
)
from millpond.engine.state import State, read_state
from millpond.errors import MillpondError
from millpond.graph.declared import DeclaredGraph, Node
from millpond.graph.suggestion import suggestion
from millpond.sources.inputs import LocalInputs

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

    from millpond.events.outcome import ErrorSummary

_FEED = "__millpond_feed_{number}"
_ORDER = "millpond_order"


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
    if tried:
        tell(f"applying them as they are and in {rehearsal.shuffles} shuffled orders")
        applied = read_state(_applied(rehearsal, tried, feeds))
        for target in tried:
            key = target.node.name.key
            found = _difference(target, feeds, applied, rehearsal.shuffles)
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


def _applied(rehearsal: Rehearsal, targets: Sequence[_Target], feeds: _Feeds) -> Path:
    """The state folder of an update that applies the feeds in every order, each to its copy."""
    folder = rehearsal.folder / "applied"
    paths: dict[tuple[str, int], Path] = {}
    for _, name in (flow for target in targets for flow in target.flows):
        for order in range(rehearsal.shuffles + 1):
            paths[name.key, order] = path = folder / "feeds" / str(order) / name.name
            batches = 1 if order == 0 else rehearsal.batches
            write_shuffled(feeds.frame(name), path, batches, rehearsal.seed + 7 * order)
    _update(rehearsal, folder / "state", _apply(targets, feeds, paths, rehearsal.shuffles))
    return folder / "state"


def _apply(
    targets: Sequence[_Target],
    feeds: _Feeds,
    paths: Mapping[tuple[str, int], Path],
    shuffles: int,
) -> PartChooser:
    """A copy of each target for every order alone, over the feeds in these folders."""

    def choose(session: SparkSession, state: State, graph: DeclaredGraph) -> Part:
        nodes = {}
        for target in targets:
            node = graph.nodes[target.node.name.key]
            columns = {name.key: feeds.frame(name).schema for _, name in target.flows}
            for order in range(shuffles + 1):
                readers = [
                    _reader(session, paths[key, order], schema) for key, schema in columns.items()
                ]
                copy = copy_of(node, order, readers)
                nodes[copy.name.key] = copy
        return Part(DeclaredGraph(nodes, graph.catalog, graph.schema), frozenset(nodes))

    return choose


def _reader(session: SparkSession, path: Path, columns: StructType) -> Callable[[], DataFrame]:
    def read() -> DataFrame:
        with evaluating(None):
            return shuffled_feed(session, path, columns)

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


def _difference(target: _Target, feeds: _Feeds, applied: State, shuffles: int) -> Difference | None:
    """The first key, by its JSON, that has other rows in a shuffled order than in the feed's."""
    from pyspark.sql import functions as F

    keys, name = target.flows[0][0].keys, target.node.name
    first, *others = (
        _rows(applied, name_of_copy(name, order), keys).withColumn(_ORDER, F.lit(order))
        for order in range(shuffles + 1)
    )
    every = reduce(lambda one, other: one.unionByName(other), others, first)
    rows = every.groupBy(KEY, _ORDER).agg(F.sort_array(F.collect_list(ROW)).alias(ROW))
    found = rows.groupBy(KEY).agg(F.map_from_entries(F.collect_list(F.struct(_ORDER, ROW))))
    found = found.toDF(KEY, ROW)
    none = F.array().cast("array<string>")
    of = [F.coalesce(F.col(ROW)[order], none) for order in range(shuffles + 1)]
    differs = reduce(lambda one, other: one | other, (each != of[0] for each in of[1:]))
    row = found.filter(differs).orderBy(KEY).select(KEY, F.array(*of).alias(ROW)).first()
    if row is None:
        return None
    key, shown = row[KEY], row[ROW]
    order = next(number for number, each in enumerate(shown) if each != shown[0])
    tied = tied_events(feeds.events(target), key)
    reason = Reason.TIE if tied else Reason.UNKNOWN
    return Difference(key, order, tuple(shown[0]), tuple(shown[order]), reason)


def _rows(state: State, name: QualifiedName, keys: Sequence[str]) -> DataFrame:
    """The rows of a target as its users see them, as JSON, with their keys."""
    from pyspark.sql import functions as F

    rows = _table(state, name)
    whole = F.to_json(F.struct("*"), {"ignoreNullFields": "false"})
    return rows.select(as_json(keys).alias(KEY), whole.alias(ROW))


def _table(state: State, name: QualifiedName) -> DataFrame:
    from millpond.engine.spark.session import start_session

    return visible(read_delta(start_session(state.logs), state.table_path(name), False, {}))


def _update(rehearsal: Rehearsal, state: Path, part: PartChooser) -> None:
    from millpond.engine.update import UpdateRequest, run_update

    request = UpdateRequest(rehearsal.spec, state, rehearsal.inputs, part=part)
    summary = run_update(request, lambda event: None)
    if summary.state != "COMPLETED":
        raise RehearsalFailed(summary.errors)
