"""Put the nodes of a graph into layers from left to right, and into an order within each.

The way of Sugiyama: longest paths give the layers, edges across several layers get a stand-in
in each layer that they pass, and sweeps of medians take crossings out.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

_SWEEPS = 8


@dataclass(slots=True)
class Layers:
    """Nodes by layer, in order from top to bottom.

    Attributes:
        rows: the layers; numbers below `real` are nodes, the others stand for edges that pass.
        chains: for each edge, the nodes and stand-ins from its source to its target.
        before, after: the neighbours of each node and stand-in, to the left and to the right.
    """

    real: int
    rows: list[list[int]]
    chains: dict[tuple[int, int], list[int]]
    before: list[list[int]]
    after: list[list[int]]


def layers(size: int, edges: Sequence[tuple[int, int]]) -> Layers:
    """The layers of a graph of nodes 0 to `size` - 1; an edge that closes a cycle is ignored."""
    after = _acyclic(size, edges)
    depth = _depths(size, after)
    rows: list[list[int]] = [[] for _ in range(max(depth, default=0) + 1)]
    for node in range(size):
        rows[depth[node]].append(node)
    made = Layers(size, rows, {}, [[] for _ in range(size)], [[] for _ in range(size)])
    for source in range(size):
        for target in after[source]:
            _chain(made, depth, source, target)
    for sweep in range(_SWEEPS):
        _sort(made.rows if sweep % 2 == 0 else made.rows[::-1], made, backward=sweep % 2 == 1)
    return made


def _acyclic(size: int, edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """What each node leads to, without repetitions, self-loops and edges that close a cycle."""
    wanted: list[list[int]] = [[] for _ in range(size)]
    for source, target in dict.fromkeys(edges):
        if source != target:
            wanted[source].append(target)
    kept: list[list[int]] = [[] for _ in range(size)]
    state = [0] * size  # 1 while below it, 2 when done
    for root in range(size):
        stack = [(root, iter(wanted[root]))] if state[root] == 0 else []
        state[root] = state[root] or 1
        while stack:
            node, rest = stack[-1]
            target = next(rest, -1)
            if target < 0:
                state[node] = 2
                stack.pop()
            elif state[target] != 1:
                kept[node].append(target)
                if state[target] == 0:
                    state[target] = 1
                    stack.append((target, iter(wanted[target])))
    return kept


def _depths(size: int, after: Sequence[Sequence[int]]) -> list[int]:
    """The longest path to each node; a node that nothing leads to stands beside what it feeds."""
    before: list[int] = [0] * size
    for targets in after:
        for target in targets:
            before[target] += 1
    sources = [node for node in range(size) if not before[node]]
    depth = [0] * size
    ready = list(sources)
    for node in ready:
        for target in after[node]:
            depth[target] = max(depth[target], depth[node] + 1)
            before[target] -= 1
            if not before[target]:
                ready.append(target)
    for node in sources:
        if after[node]:
            depth[node] = min(depth[target] for target in after[node]) - 1
    return depth


def _chain(made: Layers, depth: Sequence[int], source: int, target: int) -> None:
    chain = [source]
    for layer in range(depth[source] + 1, depth[target]):
        stand_in = len(made.before)
        made.before.append([])
        made.after.append([])
        made.rows[layer].append(stand_in)
        chain.append(stand_in)
    chain.append(target)
    for left, right in itertools.pairwise(chain):
        made.after[left].append(right)
        made.before[right].append(left)
    made.chains[source, target] = chain


def _sort(rows: Sequence[list[int]], made: Layers, *, backward: bool) -> None:
    """Order each row by the median place of the neighbours in the row before it."""
    neighbours: Sequence[Sequence[int]] = made.after if backward else made.before
    place: Mapping[int, int] = {}
    for row in rows:
        own = {node: number for number, node in enumerate(row)}
        wanted = {
            node: median_low([place[each] for each in neighbours[node]])
            if neighbours[node]
            else own[node]
            for node in row
        }
        row.sort(key=lambda node: (wanted[node], own[node]))
        place = {node: number for number, node in enumerate(row)}
