"""Which datasets an update runs, and which of them from the start (reference 5.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from millpond import codes
from millpond.definitions import DatasetKind, parse_name
from millpond.engine.request import UpdateRequest
from millpond.engine.resolved import ResolvedDataset, ResolvedGraph
from millpond.errors import Failures, MillpondError
from millpond.graph.declared import DeclaredGraph
from millpond.graph.suggestion import suggestion


@dataclass(frozen=True, slots=True)
class Selection:
    """Keys of the tables that run, of those emptied first, and of views computed in any case.

    `checkpoints` are the keys of the flows that read their sources from the start.
    """

    run: frozenset[str]
    reset: frozenset[str]
    renew: frozenset[str] = frozenset()
    checkpoints: frozenset[str] = frozenset()


def select(
    graph: ResolvedGraph,
    declared: DeclaredGraph,
    *,
    refresh: Iterable[str],
    full_refresh: Iterable[str],
    full_refresh_all: bool,
    reset_checkpoint: Iterable[str] = (),
    failed: frozenset[str] | None = None,
) -> Selection:
    """The selection; with nothing named, all tables run.

    Args:
        failed: keys of the tables that failed, to be run with those that depend on them, and
            nothing else; None if they are not asked for.

    Raises:
        Failures: UNKNOWN_SELECTION for each name that is no table of the pipeline.
    """
    errors: list[MillpondError] = []
    refreshed = _keys("--refresh", refresh, graph, declared, errors)
    renewed = _keys("--full-refresh", full_refresh, graph, declared, errors)
    checkpoints = _flow_keys(reset_checkpoint, graph, declared, errors)
    errors.extend(
        MillpondError(
            codes.RESET_NOT_ALLOWED,
            at=graph.datasets[key].dataset.at,
            name=graph.datasets[key].name,
        )
        for key in sorted(renewed)
        if not _may_reset(graph.datasets[key])
    )
    if errors:
        raise Failures(errors)
    everything = frozenset(dataset.name.key for dataset in graph.tables())
    if full_refresh_all:
        renewed, refreshed = everything, everything
    if failed is not None:
        refreshed |= frozenset(
            key
            for key in everything
            if key in failed or _all_upstream(graph, graph.datasets[key]) & failed
        )
    run = refreshed | renewed
    if not run and failed is None:
        run = everything
    reset = frozenset(key for key in renewed if _is_resettable(graph.datasets[key]))
    return Selection(run, reset, renewed, checkpoints)


def _all_upstream(graph: ResolvedGraph, dataset: ResolvedDataset) -> frozenset[str]:
    """Keys of the tables that a dataset depends on, also through other tables."""
    found: set[str] = set()
    waiting = [dataset]
    while waiting:
        new = graph.upstream_tables(waiting.pop().name) - found
        found |= new
        waiting.extend(graph.datasets[key] for key in new)
    return frozenset(found)


def starting_anew(request: UpdateRequest, graph: DeclaredGraph) -> frozenset[str]:
    """Keys of the tables of which a flow starts without what it remembers.

    A flow from snapshots has to know while the graph is resolved. What is no table is told by
    `select`.
    """
    if request.full_refresh_all:
        return frozenset(graph.nodes)
    named = (graph.find(parse_name(name)) for name in request.full_refresh)
    tables = {node.name.key for node in named if node is not None}
    flows = {graph.qualified(parse_name(name)).key for name in request.reset_checkpoint}
    return frozenset(
        key
        for key, node in graph.nodes.items()
        if key in tables or any(graph.qualified(each.name).key in flows for each in node.flows)
    )


def _is_resettable(dataset: ResolvedDataset) -> bool:
    has_checkpoints = dataset.kind in (DatasetKind.STREAMING_TABLE, DatasetKind.SINK)
    return has_checkpoints and _may_reset(dataset)


def _may_reset(dataset: ResolvedDataset) -> bool:
    allowed = dataset.dataset.table_properties.get("pipelines.reset.allowed", "true")
    return allowed.casefold() != "false"


def _flow_keys(
    names: Iterable[str],
    graph: ResolvedGraph,
    declared: DeclaredGraph,
    errors: list[MillpondError],
) -> frozenset[str]:
    """Keys of the streaming flows named, in any spelling."""
    streams = [each for each in graph.tables() if each.kind is not DatasetKind.MATERIALIZED_VIEW]
    known = {flow.name.key: str(flow.name) for each in streams for flow in each.flows}
    found = set()
    for name in names:
        key = declared.qualified(parse_name(name)).key
        if key in known:
            found.add(key)
            continue
        errors.append(
            MillpondError(
                codes.UNKNOWN_SELECTION,
                option="--reset-checkpoint",
                name=name,
                suggestion=suggestion(name, known.values()),
                known=", ".join(known.values()),
            )
        )
    return frozenset(found)


def _keys(
    option: str,
    names: Iterable[str],
    graph: ResolvedGraph,
    declared: DeclaredGraph,
    errors: list[MillpondError],
) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        node = declared.find(parse_name(name)) or declared.nodes.get(name.casefold())
        resolved = graph.datasets.get(node.name.key) if node is not None else None
        if resolved is not None and not resolved.is_view:
            found.add(resolved.name.key)
            continue
        known = [str(dataset.name) for dataset in graph.tables()]
        errors.append(
            MillpondError(
                codes.UNKNOWN_SELECTION,
                option=option,
                name=name,
                suggestion=suggestion(name, known),
                known=", ".join(known),
            )
        )
    return frozenset(found)
