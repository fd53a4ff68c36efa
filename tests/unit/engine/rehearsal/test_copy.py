"""The copies of a target that a rehearsal fills."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from millpond.definitions import (
    Dataset,
    DatasetKind,
    Flow,
    FlowKind,
    PythonQuery,
    QualifiedName,
)
from millpond.engine.rehearsal.copy import copy_of, name_of_copy
from millpond.graph.declared import Node
from millpond.location import Span

AT = Span(Path("pipeline.py"), 1, 1)
NAME = QualifiedName("main", "default", "orders")


def read() -> Any:
    raise AssertionError("not read here")


def copy(order: int) -> Node:
    parts = ("main", "default", "orders")
    dataset = Dataset(parts, DatasetKind.STREAMING_TABLE, AT, "PYTHON")
    flow = Flow(("late",), parts, FlowKind.AUTO_CDC, PythonQuery(print), AT, "PYTHON", once=True)
    return copy_of(Node(NAME, dataset, (flow,)), order, [read])


def test_the_feed_as_it_is_fills_a_table_of_the_same_name() -> None:
    found = copy(0)
    assert (found.name, found.flows[0].name) == (NAME, ("late",))
    assert name_of_copy(NAME, 0) == NAME


def test_every_order_has_a_table_and_checkpoints_of_its_own() -> None:
    found = copy(2)
    assert str(found.name) == "main.default.orders__shuffle_2"
    assert found.dataset.name == found.flows[0].target == ("main", "default", "orders__shuffle_2")
    assert found.flows[0].name == ("late__shuffle_2",)
    assert found.name == name_of_copy(NAME, 2)


def test_a_flow_that_runs_once_becomes_a_stream_over_its_feed() -> None:
    [flow] = copy(1).flows
    assert not flow.once
    assert isinstance(flow.query, PythonQuery)
    assert flow.query.function is read
