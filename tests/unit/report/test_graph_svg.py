"""The graph as SVG: boxes from left to right, edges between them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

from millpond.graph.static.model import EXTERNAL, Edge, Node
from millpond.location import Span
from millpond.report.graph_svg import render_svg

SVG = "{http://www.w3.org/2000/svg}"


def drawn(nodes: list[Node], edges: list[Edge]) -> ET.Element:
    return ET.fromstring(render_svg(nodes, edges, Path("/p")))


def lefts(root: ET.Element) -> dict[str, float]:
    """The left edge of each box, by the text in it."""
    groups = root.findall(f"{SVG}g")
    return {
        str(g.findtext(f"{SVG}text")): float(str(g.find(f"{SVG}rect").get("x"))) for g in groups
    }


def test_what_is_read_stands_left_of_what_reads_it() -> None:
    nodes = [Node("c.s.gold", "MATERIALIZED_VIEW"), Node("c.s.silver", "STREAMING_TABLE")]
    nodes.append(Node("/Volumes/c/s/v/raw", EXTERNAL))
    root = drawn(nodes, [Edge("c.s.silver", "c.s.gold"), Edge("/Volumes/c/s/v/raw", "c.s.silver")])
    found = lefts(root)
    assert found["v/raw"] < found["silver"] < found["gold"]
    assert len(root.findall(f"{SVG}path")) == 2


def test_a_box_says_what_it_is_and_where() -> None:
    root = drawn([Node("c.s.<a>", "VIEW", Span(Path("/p/a.sql"), 3, 5), certain=False)], [])
    (group,) = root.findall(f"{SVG}g")
    assert group.findtext(f"{SVG}title") == f"c.s.<a>: view, {Path('a.sql')}:3:5"
    assert group.find(f"{SVG}rect").get("stroke-dasharray")


def test_a_cycle_and_nothing_at_all_are_drawn() -> None:
    nodes = [Node("a", "VIEW"), Node("b", "VIEW")]
    root = drawn(nodes, [Edge("a", "b"), Edge("b", "a"), Edge("a", "a")])
    assert len(root.findall(f"{SVG}g")) == 2
    assert re.match("<svg ", render_svg([], [], Path("/p")))
