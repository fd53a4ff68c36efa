"""`millpond graph`: the three forms of a pipeline's graph."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from millpond.location import Span


@pytest.fixture
def drawn(project: Path, replace_module: Callable) -> list[object]:
    """The pipelines that were drawn; each has one view and one table that reads it."""
    asked: list[object] = []

    def static_graph(spec: object) -> SimpleNamespace:
        asked.append(spec)
        at = Span(project / "src" / "sales.sql", 1, 26)
        nodes = (
            SimpleNamespace(name="main.silver.v", kind="VIEW", at=None),
            SimpleNamespace(name="main.silver.a", kind="MATERIALIZED_VIEW", at=at),
        )
        edges = (SimpleNamespace(source="main.silver.v", target="main.silver.a"),)
        return SimpleNamespace(nodes=nodes, edges=edges)

    replace_module("millpond.graph.static", static_graph=static_graph)
    return asked


def test_text(cli: Callable, drawn: list[object]) -> None:
    lines = cli("graph").assert_success().out.splitlines()
    assert lines[1].split() == [
        *("main.silver.a", "materialized", "view", "src/sales.sql:1:26", "<-", "main.silver.v")
    ]


def test_mermaid(cli: Callable, drawn: list[object]) -> None:
    out = cli("graph", "--output", "mermaid").assert_success().out
    assert out.startswith("flowchart LR\n")
    assert "n0 --> n1\n" in out


def test_json(cli: Callable, drawn: list[object]) -> None:
    document = json.loads(cli("graph", "--output", "json").assert_success().out)
    assert document["edges"] == [{"source": "main.silver.v", "target": "main.silver.a"}]


def test_the_pipeline_is_set_as_for_a_run(cli: Callable, drawn: list) -> None:
    cli("graph", "--target", "staging", "--var", "layer=gold").assert_success()
    assert (drawn[0].target, drawn[0].schema) == ("staging", "gold")


def test_a_mistake_in_the_bundle(cli: Callable, drawn: list, project: Path) -> None:
    (project / "databricks.yml").write_text("bundle: {}\n")
    result = cli("graph", "--output", "json")
    assert result.status == 2
    assert json.loads(result.out)["errors"][0]["code"] == "BUNDLE_FIELD_MISSING"
