"""Draw a pipeline's graph as text, as a Mermaid diagram or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from millpond.definitions import DatasetKind
from millpond.location import Span
from millpond.report.text import table

_SHAPES = {
    DatasetKind.STREAMING_TABLE.value: ("[[", "]]"),
    DatasetKind.TEMPORARY_VIEW.value: ("([", "])"),
}
"""Mermaid brackets; anything else is a plain box."""


class Node(Protocol):
    """A dataset, or something outside the pipeline that it reads."""

    @property
    def name(self) -> str:
        """The name in full."""

    @property
    def kind(self) -> str:
        """A value of `DatasetKind`, or `EXTERNAL`."""

    @property
    def at(self) -> Span | None:
        """Where it is defined."""


class Edge(Protocol):
    """That one dataset reads another; both by their names in full."""

    @property
    def source(self) -> str:
        """What is read."""

    @property
    def target(self) -> str:
        """What reads it."""


def render_text(nodes: Sequence[Node], edges: Sequence[Edge], relative_to: Path) -> str:
    """A line for each dataset, with what it reads and where it is defined."""
    rows = [
        [
            node.name,
            _label(node.kind),
            node.at.shown(relative_to) if node.at is not None else "",
            f"<- {', '.join(inputs)}" if (inputs := _inputs(node.name, edges)) else "",
        ]
        for node in nodes
    ]
    return "\n".join(table(rows, "<<<<")) if rows else "The pipeline defines nothing."


def render_mermaid(nodes: Sequence[Node], edges: Sequence[Edge]) -> str:
    """A Mermaid flowchart from left to right, streaming tables and views in shapes of their own."""
    ids = {node.name: f"n{number}" for number, node in enumerate(nodes)}

    def lines() -> Iterator[str]:
        yield "flowchart LR"
        for node in nodes:
            opening, closing = _SHAPES.get(node.kind, ("[", "]"))
            text = node.name.replace('"', "#quot;")
            yield f'    {ids[node.name]}{opening}"{text}"{closing}'
        for edge in edges:
            yield f"    {ids[edge.source]} --> {ids[edge.target]}"

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
        "nodes": [{"name": each.name, "kind": each.kind, **place(each.at)} for each in nodes],
        "edges": [{"source": each.source, "target": each.target} for each in edges],
    }


def _inputs(name: str, edges: Sequence[Edge]) -> list[str]:
    return [edge.source for edge in edges if edge.target == name]


def _label(kind: str) -> str:
    return kind.replace("_", " ").lower()
