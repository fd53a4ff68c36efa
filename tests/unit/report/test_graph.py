"""The graph as text, Mermaid and JSON."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from millpond.graph.static.model import Edge, Node
from millpond.location import Span
from millpond.report.graph import graph_json, render_mermaid, render_text

PROJECT = Path("/project")


NODES = (
    Node("m.b.raw", "STREAMING_TABLE", Span(PROJECT / "src/raw.py", 3, 1), ("has_id",)),
    Node("m.s.checked", "VIEW", Span(PROJECT / "src/a.sql", 9, 5)),
    Node("other.x.rates", "EXTERNAL", None),
    Node("m.g.daily", "MATERIALIZED_VIEW", Span(Path("/elsewhere/g.py"), 1, 1)),
)
EDGES = (
    Edge("m.b.raw", "m.s.checked"),
    Edge("m.s.checked", "m.g.daily"),
    Edge("other.x.rates", "m.g.daily"),
)


def test_text() -> None:
    assert render_text(NODES, EDGES, PROJECT).splitlines() == [
        "m.b.raw      streaming table    src/raw.py:3:1",
        "m.s.checked  view               src/a.sql:9:5",
        "    <- m.b.raw",
        "m.g.daily    materialized view  /elsewhere/g.py:1:1",
        "    <- m.s.checked",
        "    <- other.x.rates",
    ]


def test_text_of_nothing() -> None:
    assert "Only running the source" in render_text((), (), PROJECT)


def test_mermaid() -> None:
    assert render_mermaid(NODES, EDGES).splitlines() == [
        "flowchart LR",
        '    n0[["m.b.raw"]]',
        '    n1(["m.s.checked"])',
        '    n2["other.x.rates"]',
        '    n3["m.g.daily"]',
        "    n0 --> n1",
        "    n1 --> n3",
        "    n2 --> n3",
    ]


def test_mermaid_marks_what_is_not_certain() -> None:
    unsure = replace(NODES[1], certain=False)
    assert render_mermaid((NODES[0], unsure), ()).splitlines()[-1] == (
        "    style n1 stroke-dasharray: 4 3"
    )


def test_json() -> None:
    drawn = graph_json(NODES, EDGES, PROJECT)
    assert drawn["schema_version"] == 1
    assert drawn["nodes"][0] == {
        "name": "m.b.raw",
        "kind": "STREAMING_TABLE",
        "expectations": ["has_id"],
        "certain": True,
        "file": "src/raw.py",
        "line": 3,
        "column": 1,
    }
    assert [node["file"] for node in drawn["nodes"][2:]] == [None, "/elsewhere/g.py"]
    assert drawn["edges"][0] == {"source": "m.b.raw", "target": "m.s.checked"}


def test_what_only_a_run_can_tell_is_marked() -> None:
    loop = Node("m.b.each", "TABLE", None, certain=False)
    assert render_text([loop], [], PROJECT) == "m.b.each  table (?)"
    assert graph_json([loop], [], PROJECT)["nodes"][0]["certain"] is False
