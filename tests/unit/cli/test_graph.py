"""`millpond graph`: the three forms of a pipeline's graph."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from millpond.codes import INVALID_NAME
from millpond.errors import MillpondError
from millpond.graph.static.model import Edge, Node, StaticGraph
from millpond.location import Span


@pytest.fixture
def drawn(project: Path, replace_module: Callable) -> list[object]:
    """The pipelines that were drawn; each has one view and one table that reads it."""
    asked: list[object] = []

    def static_graph(spec: object, inputs: object) -> StaticGraph:
        asked.append(spec)
        at = Span(project / "src" / "sales.sql", 1, 26)
        nodes = (
            Node("main.silver.v", "VIEW", None),
            Node("main.silver.a", "MATERIALIZED_VIEW", at, certain=False),
        )
        edges = (Edge("main.silver.v", "main.silver.a"),)
        odd = MillpondError(INVALID_NAME, at=at, name="a", what="dataset", reason="odd")
        return StaticGraph(nodes, edges, (odd,))

    replace_module("millpond.graph.static", static_graph=static_graph)
    return asked


def test_text(cli: Callable, drawn: list[object]) -> None:
    assert cli("graph").assert_success().out.splitlines() == [
        "main.silver.v  view",
        f"main.silver.a  materialized view (?)  {Path('src', 'sales.sql')}:1:26",
        "    <- main.silver.v",
    ]


def test_what_could_not_be_known_is_said_on_stderr(cli: Callable, drawn: list[object]) -> None:
    result = cli("graph").assert_success()
    assert result.err.startswith("warning[INVALID_NAME]: ")
    assert "warning" not in result.out


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


def test_svg(cli: Callable, drawn: list[object]) -> None:
    out = cli("graph", "--static", "--output", "svg").assert_success().out
    assert out.startswith("<svg ")
    assert out.endswith("</svg>\n")
