"""Where each dataset of a graph is drawn, and the curves between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from millpond.report.html.layers import Layers, layers

WIDTH, HEIGHT = 264, 92
"""Of a node, in pixels, as everything here."""
_GAP_X, _GAP_Y = 72, 20
_PASSING = 18
"""The height that an edge takes where it passes a layer."""
_PASSES = 6
_SHELF = 1500
"""Parts of the graph that do not hang together stand side by side up to this width."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing of a graph.

    Attributes:
        places: the top left corner of each node.
        curves: for each edge, the points it goes through, first and last at its ends.
        width, height: of the whole.
    """

    places: tuple[Point, ...]
    curves: dict[tuple[int, int], tuple[Point, ...]]
    width: float
    height: float


def layout(size: int, edges: Sequence[tuple[int, int]]) -> Layout:
    """Place nodes 0 to `size` - 1 from left to right along the edges."""
    places: list[Point] = [(0.0, 0.0)] * size
    curves: dict[tuple[int, int], tuple[Point, ...]] = {}
    left = top = shelf = right = 0.0
    for nodes in _components(size, edges):
        number = {node: index for index, node in enumerate(nodes)}
        own = [(number[a], number[b]) for a, b in edges if a in number]
        part = _component(layers(len(nodes), own))
        if left and left + part.width > _SHELF:
            left, top, shelf = 0.0, top + shelf + 2 * _GAP_Y, 0.0
        for node, (x, y) in zip(nodes, part.places, strict=True):
            places[node] = (x + left, y + top)
        for (a, b), points in part.curves.items():
            curves[nodes[a], nodes[b]] = tuple((x + left, y + top) for x, y in points)
        left += part.width + _GAP_Y
        right = max(right, left - _GAP_Y)
        shelf = max(shelf, part.height)
    return Layout(tuple(places), curves, right, top + shelf)


def _components(size: int, edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The parts that hang together, the largest first; nodes in their order."""
    near: list[list[int]] = [[] for _ in range(size)]
    for a, b in edges:
        near[a].append(b)
        near[b].append(a)
    seen = [False] * size
    found: list[list[int]] = []
    for root in range(size):
        if seen[root]:
            continue
        part, seen[root] = [root], True
        for node in part:
            for other in near[node]:
                if not seen[other]:
                    seen[other] = True
                    part.append(other)
        found.append(sorted(part))
    return sorted(found, key=len, reverse=True)


def _component(made: Layers) -> Layout:
    middles = _middles(made)
    lift = min(middles[node] for node in range(made.real)) - HEIGHT / 2
    lift = min([lift, *(each - _PASSING / 2 for each in middles)])
    column = {node: layer for layer, row in enumerate(made.rows) for node in row}

    def x(node: int) -> float:
        return column[node] * (WIDTH + _GAP_X)

    places = tuple((x(node), middles[node] - HEIGHT / 2 - lift) for node in range(made.real))
    curves = {
        edge: tuple(_points(chain, x, [middle - lift for middle in middles]))
        for edge, chain in made.chains.items()
    }
    lowest = max(middles[node] + HEIGHT / 2 for node in range(made.real))
    lowest = max([lowest, *(each + _PASSING / 2 for each in middles)])
    width = len(made.rows) * (WIDTH + _GAP_X) - _GAP_X
    return Layout(places, curves, width, lowest - lift)


def _points(
    chain: Sequence[int], x: Callable[[int], float], middles: Sequence[float]
) -> list[Point]:
    """From the right side of the source through each layer passed to the left of the target."""
    points = [(x(chain[0]) + WIDTH, middles[chain[0]])]
    for node in chain[1:-1]:
        points += [(x(node), middles[node]), (x(node) + WIDTH, middles[node])]
    return [*points, (x(chain[-1]), middles[chain[-1]])]


def _middles(made: Layers) -> list[float]:
    """The height of each node's middle: near its neighbours', and clear of those in its layer."""
    middles = [0.0] * len(made.before)
    for row in made.rows:
        for node, offset in zip(row, _offsets(row, made.real), strict=True):
            middles[node] = offset
    for number in range(_PASSES):
        forward = number % 2 == 0
        neighbours = made.before if forward else made.after
        for row in made.rows if forward else made.rows[::-1]:
            wanted = [
                sum(middles[each] for each in neighbours[node]) / len(neighbours[node])
                if neighbours[node]
                else middles[node]
                for node in row
            ]
            for node, middle in zip(row, _apart(wanted, _offsets(row, made.real)), strict=True):
                middles[node] = middle
    return middles


def _offsets(row: Sequence[int], real: int) -> list[float]:
    """The heights of a row's middles when it is packed."""
    offsets: list[float] = []
    bottom = 0.0
    for node in row:
        height = HEIGHT if node < real else _PASSING
        offsets.append(bottom + height / 2)
        bottom += height + _GAP_Y
    return offsets


def _apart(wanted: Sequence[float], offsets: Sequence[float]) -> list[float]:
    """The heights nearest to those wanted that keep the order and the packed distances.

    Less the offsets that is an isotonic regression: pools of neighbours that would overlap move
    to the mean of what they want.
    """
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        mean, count = want - offset, 1
        while pools and pools[-1][0] > mean:
            other, many = pools.pop()
            mean, count = (mean * count + other * many) / (count + many), count + many
        pools.append((mean, count))
    shifts = [mean for mean, count in pools for _ in range(count)]
    return [shift + offset for shift, offset in zip(shifts, offsets, strict=True)]
