"""The drawing of a graph: from left to right, nothing over anything else, whatever the graph."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from millpond.report.html.layout import HEIGHT, WIDTH, layout


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    """Any directed graph of up to 30 nodes, cycles, loops and repetitions included."""
    size = draw(st.integers(1, 30))
    node = st.integers(0, size - 1)
    return size, draw(st.lists(st.tuples(node, node), max_size=80))


@given(graphs())
def test_no_node_lies_on_another(graph: tuple[int, list[tuple[int, int]]]) -> None:
    places = layout(*graph).places
    for number, (x, y) in enumerate(places):
        for other_x, other_y in places[:number]:
            assert abs(x - other_x) >= WIDTH or abs(y - other_y) >= HEIGHT


@given(graphs())
def test_all_is_within_the_drawing(graph: tuple[int, list[tuple[int, int]]]) -> None:
    drawn = layout(*graph)
    for x, y in drawn.places:
        assert 0 <= x <= drawn.width - WIDTH
        assert -0.01 <= y <= drawn.height - HEIGHT + 0.01


@given(graphs())
def test_edges_lead_to_the_right_from_side_to_side(
    graph: tuple[int, list[tuple[int, int]]],
) -> None:
    drawn = layout(*graph)
    assert set(drawn.curves) <= set(graph[1])
    for (source, target), points in drawn.curves.items():
        assert points[0] == (drawn.places[source][0] + WIDTH, drawn.places[source][1] + HEIGHT / 2)
        assert points[-1] == (drawn.places[target][0], drawn.places[target][1] + HEIGHT / 2)
        assert [x for x, _ in points] == sorted(x for x, _ in points)


def test_a_chain_is_a_straight_line() -> None:
    drawn = layout(3, [(0, 1), (1, 2)])
    assert {y for _, y in drawn.places} == {0}
    assert [x for x, _ in drawn.places] == sorted({x for x, _ in drawn.places})


def test_a_source_stands_beside_what_reads_it() -> None:
    """3 is read by the last dataset only."""
    places = layout(4, [(0, 1), (1, 2), (3, 2)]).places
    assert places[3][0] == places[1][0]


def test_edges_do_not_cross_where_they_need_not() -> None:
    drawn = layout(4, [(0, 3), (1, 2)])
    (_, top), (_, low), (_, of_low), (_, of_top) = drawn.places
    assert (top, low) == (of_top, of_low)


def test_an_empty_graph_has_no_size() -> None:
    assert layout(0, []).places == ()


def test_two_hundred_datasets_take_no_time() -> None:
    edges = [(n, n + step) for n in range(180) for step in (1, 7, 20)]
    start = time.perf_counter()
    layout(200, edges)
    assert time.perf_counter() - start < 5
