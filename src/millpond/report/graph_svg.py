"""Draw a pipeline's graph as SVG: from left to right, without a program to lay it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from millpond.definitions import DatasetKind
from millpond.graph.static.model import EXTERNAL, Edge, Node
from millpond.report.text import cells

_ROW, _BOX, _GAP, _MARGIN, _CHARACTER = 52, 36, 70, 20, 7.4
_COLOURS = {
    DatasetKind.STREAMING_TABLE.value: "#d6e8ff",
    DatasetKind.MATERIALIZED_VIEW.value: "#dff3df",
    DatasetKind.TEMPORARY_VIEW.value: "#fff6d6",
    EXTERNAL: "#eeeeee",
}
_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" \
width="{width:.0f}" height="{height:.0f}" font-family="sans-serif" font-size="12">
<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" \
orient="auto"><path d="M0 0 8 4 0 8z" fill="#777"/></marker></defs>"""


def render_svg(nodes: Sequence[Node], edges: Sequence[Edge], relative_to: Path) -> str:
    """The graph as one SVG document; a title of each box says what it is and where it is defined.

    A dashed border marks what only a run can tell in full.
    """
    columns = _columns(nodes, edges)
    places = _places(columns)
    width = max((x + w for x, _, w in places.values()), default=0.0) + _MARGIN
    height = max((y for _, y, _ in places.values()), default=0.0) + _ROW
    lines = [_HEAD.format(width=width + _MARGIN, height=height + _MARGIN)]
    lines += _edges(edges, places)
    lines += (_box(node, places[node.name], relative_to) for node in nodes)
    return "\n".join([*lines, "</svg>"])


def _columns(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[list[Node]]:
    """Nodes by the length of the longest way to them; in a column, by what they read."""
    sources: dict[str, list[str]] = {node.name: [] for node in nodes}
    for edge in edges:
        if edge.source != edge.target:
            sources[edge.target].append(edge.source)
    depth = dict.fromkeys(sources, 0)
    for _ in nodes:  # as many rounds as the longest way can have steps; a cycle ends there
        deeper = {
            name: max((depth[each] + 1 for each in read), default=0)
            for name, read in sources.items()
        }
        if deeper == depth:
            break
        depth = {name: min(each, len(nodes)) for name, each in deeper.items()}
    found: list[list[Node]] = [[] for _ in sorted(set(depth.values()))]
    index = {each: place for place, each in enumerate(sorted(set(depth.values())))}
    for node in nodes:
        found[index[depth[node.name]]].append(node)
    row: dict[str, float] = {}
    for column in found:
        column.sort(key=lambda node: _mean([row.get(each, 0.0) for each in sources[node.name]]))
        row.update({node.name: float(place) for place, node in enumerate(column)})
    return found


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _places(columns: Sequence[Sequence[Node]]) -> dict[str, tuple[float, float, float]]:
    """Left edge, top edge and width of each node's box."""
    found: dict[str, tuple[float, float, float]] = {}
    left = float(_MARGIN)
    for column in columns:
        width = max(cells(_short(node)) for node in column) * _CHARACTER + 20
        for row, node in enumerate(column):
            found[node.name] = (left, float(_MARGIN + row * _ROW), width)
        left += width + _GAP
    return found


def _edges(edges: Sequence[Edge], places: dict[str, tuple[float, float, float]]) -> Iterator[str]:
    for edge in edges:
        x, y, width = places[edge.source]
        to_x, to_y, _ = places[edge.target]
        start, end = (x + width, y + _BOX / 2), (to_x, to_y + _BOX / 2)
        bend = _GAP / 2
        yield (
            f'<path d="M{start[0]:.0f} {start[1]:.0f}C{start[0] + bend:.0f} {start[1]:.0f} '
            f'{end[0] - bend:.0f} {end[1]:.0f} {end[0]:.0f} {end[1]:.0f}" fill="none" '
            f'stroke="#777" marker-end="url(#end)"/>'
        )


def _box(node: Node, place: tuple[float, float, float], relative_to: Path) -> str:
    x, y, width = place
    dashed = "" if node.certain else ' stroke-dasharray="4 3"'
    kind = node.kind.replace("_", " ").lower()
    where = f", {node.at.shown(relative_to)}" if node.at is not None else ""
    title = escape(f"{node.name}: {kind}{where}")
    return (
        f'<g><title>{title}</title><rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" '
        f'height="{_BOX}" rx="5" fill="{_COLOURS.get(node.kind, "#ffffff")}" stroke="#555"'
        f'{dashed}/><text x="{x + width / 2:.0f}" y="{y + _BOX / 2 + 4:.0f}" '
        f'text-anchor="middle">{escape(_short(node))}</text></g>'
    )


def _short(node: Node) -> str:
    """The name without catalog and schema; of a path its last two steps."""
    if node.kind == EXTERNAL and node.table is None and "/" in node.name:
        return "/".join(node.name.rstrip("/").split("/")[-2:])
    return node.name.rpartition(".")[2] or node.name
