"""Draw a pipeline's graph as text, as a Mermaid diagram or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from millpond.definitions import DatasetKind
from millpond.graph.static.model import EXTERNAL, Edge, Node
from millpond.location import Span
from millpond.report.text import table, visible

_SHAPES = {
    DatasetKind.STREAMING_TABLE.value: ("[[", "]]"),
    DatasetKind.TEMPORARY_VIEW.value: ("([", "])"),
}
"""Mermaid brackets; anything else is a plain box."""


def render_text(nodes: Sequence[Node], edges: Sequence[Edge], relative_to: Path) -> str:
    """A line for each dataset, with where it is defined, and below it what it reads.

    A `(?)` marks what only a run can tell in full. What is outside is seen where it is read.
    """
    defined = [node for node in nodes if node.kind != EXTERNAL]
    if not defined:
        return "Only running the source tells what it defines: `millpond run --dry-run`."
    rows = [
        [node.name, _label(node), node.at.shown(relative_to) if node.at is not None else ""]
        for node in defined
    ]
    lines: list[str] = []
    for node, line in zip(defined, table(rows, "<<<"), strict=True):
        lines.append(visible(line))
        lines.extend(f"    <- {visible(edge.source)}" for edge in edges if edge.target == node.name)
    return "\n".join(lines)


def render_mermaid(nodes: Sequence[Node], edges: Sequence[Edge]) -> str:
    """A Mermaid flowchart from left to right, streaming tables and views in shapes of their own.

    A dashed border marks what only a run can tell in full.
    """
    ids = {node.name: f"n{number}" for number, node in enumerate(nodes)}

    def lines() -> Iterator[str]:
        yield "flowchart LR"
        for node in nodes:
            opening, closing = _SHAPES.get(node.kind, ("[", "]"))
            text = node.name.replace('"', "#quot;")
            yield f'    {ids[node.name]}{opening}"{text}"{closing}'
        for edge in edges:
            yield f"    {ids[edge.source]} --> {ids[edge.target]}"
        for node in nodes:
            if not node.certain:
                yield f"    style {ids[node.name]} stroke-dasharray: 4 3"

    return "\n".join(lines())


def graph_json(nodes: Sequence[Node], edges: Sequence[Edge], relative_to: Path) -> dict[str, Any]:
    """The graph as documented in docs/json-output.md; files below the folder relative to it."""

    def place(at: Span | None) -> dict[str, Any]:
        if at is None:
            return {"file": None, "line": None, "column": None}
        file = at.file.relative_to(relative_to) if at.file.is_relative_to(relative_to) else at.file
        return {"file": file.as_posix(), "line": at.line, "column": at.column}

    return {
        "schema_version": 1,
        "nodes": [
            {
                "name": each.name,
                "kind": each.kind,
                "expectations": list(each.expectations),
                "certain": each.certain,
                **place(each.at),
            }
            for each in nodes
        ],
        "edges": [{"source": each.source, "target": each.target} for each in edges],
    }


def _label(node: Node) -> str:
    kind = node.kind.replace("_", " ").lower()
    return kind if node.certain else f"{kind} (?)"
