"""Write pipeline source to files and draw its graph."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Protocol

import pytest

from millpond.definitions import PipelineSpec, SourceFile, SourceKind
from millpond.graph.static import Node, StaticGraph, static_graph


class Drawn:
    """A graph, by the short names of what is in it."""

    def __init__(self, graph: StaticGraph) -> None:
        self.graph = graph

    @property
    def names(self) -> list[str]:
        return [self._short(node.name) for node in self.graph.nodes]

    @property
    def kinds(self) -> dict[str, str]:
        return {self._short(node.name): node.kind for node in self.graph.nodes}

    @property
    def edges(self) -> set[tuple[str, str]]:
        return {(self._short(e.source), self._short(e.target)) for e in self.graph.edges}

    @property
    def warnings(self) -> list[tuple[str, int]]:
        """The code and line of each warning."""
        return [(each.code.name, each.at.line if each.at else 0) for each in self.graph.warnings]

    @property
    def node(self) -> Node:
        (only,) = (node for node in self.graph.nodes if node.kind != "EXTERNAL")
        return only

    def __getitem__(self, name: str) -> Node:
        return next(node for node in self.graph.nodes if self._short(node.name) == name)

    @staticmethod
    def _short(name: str) -> str:
        return name.removeprefix("main.sales.")


class Draw(Protocol):
    def __call__(
        self,
        source: str,
        *,
        files: Mapping[str, str] | None = None,
        configuration: Mapping[str, str] | None = None,
    ) -> Drawn: ...


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """Draw Python source; `files` are others, of which `.sql` and `source_*.py` are source too."""

    def drawn(
        source: str,
        *,
        files: Mapping[str, str] | None = None,
        configuration: Mapping[str, str] | None = None,
    ) -> Drawn:
        selected: list[SourceFile] = []
        for name, text in {"source.py": source, **(files or {})}.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text), encoding="utf-8")
            if name.endswith(".sql"):
                selected.append(SourceFile(file, SourceKind.SQL))
            elif name.startswith("source"):
                selected.append(SourceFile(file, SourceKind.PYTHON))
        return Drawn(static_graph(pipeline_spec(tmp_path, tuple(selected), configuration or {})))

    return drawn


def pipeline_spec(
    root: Path, sources: tuple[SourceFile, ...], configuration: Mapping[str, str]
) -> PipelineSpec:
    return PipelineSpec(
        key="p",
        name="p",
        pipeline_id="id",
        target="default",
        catalog="main",
        schema="sales",
        sources=sources,
        root_path=root,
        project=root,
        configuration=configuration,
    )
