"""Datasets and flows brought together by name, and what can be wrong with that."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond.definitions import (
    Action,
    Dataset,
    DatasetKind,
    Definitions,
    Expectation,
    Flow,
    FlowKind,
    Name,
    PipelineSpec,
    SqlQuery,
)
from millpond.errors import Failures, MillpondError
from millpond.graph.declared import DeclaredGraph, declare
from millpond.location import Span

PROJECT = Path("/project")
STREAMING, VIEW = DatasetKind.STREAMING_TABLE, DatasetKind.TEMPORARY_VIEW
TABLE, MATERIALIZED = DatasetKind.TABLE, DatasetKind.MATERIALIZED_VIEW


def at(line: int) -> Span:
    return Span(PROJECT / "a.py", line)


def dataset(
    *name: str, kind: DatasetKind = STREAMING, line: int = 1, rules: tuple[str, ...] = ()
) -> Dataset:
    expectations = tuple(Expectation(rule, "x", Action.WARN, at(line)) for rule in rules)
    return Dataset(name, kind, at(line), "PYTHON", expectations=expectations)


def flow(name: Name, target: Name | None = None, line: int = 1) -> Flow:
    query = SqlQuery("SELECT 1", at(line))
    return Flow(name, target or name, FlowKind.APPEND, query, at(line), "PYTHON")


def declared(datasets: list[Dataset], flows: list[Flow]) -> DeclaredGraph:
    spec = PipelineSpec("p", "p", "i", "dev", "main", "sales", (), PROJECT, PROJECT)
    return declare(Definitions(tuple(datasets), tuple(flows)), spec)


def errors(datasets: list[Dataset], flows: list[Flow]) -> tuple[MillpondError, ...]:
    with pytest.raises(Failures) as failures:
        declared(datasets, flows)
    return failures.value.errors


def error(datasets: list[Dataset], flows: list[Flow]) -> MillpondError:
    (only,) = errors(datasets, flows)
    return only


def test_nodes_in_the_order_of_their_definition_with_their_flows() -> None:
    graph = declared(
        [dataset("b"), dataset("silver", "a"), dataset("dev", "x", "c")],
        [
            flow(("f",), ("b",)),
            flow(("g",), ("B",)),
            flow(("silver", "a")),
            flow(("dev", "x", "c")),
        ],
    )
    assert list(graph.nodes) == ["main.sales.b", "main.silver.a", "dev.x.c"]
    assert [each.name for each in graph.nodes["main.sales.b"].flows] == [("f",), ("g",)]


def test_flows_may_come_before_their_target() -> None:
    """The order of definitions does not matter (reference 1.2)."""
    graph = declared([dataset("a")], [flow(("f",), ("main", "sales", "a"))])
    assert len(graph.nodes["main.sales.a"].flows) == 1


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [("a",), ("A",), ("sales", "a"), ("MAIN", "sales", "a")])
def test_a_dataset_is_found_by_every_form_of_its_name(name: Name) -> None:
    graph = declared([dataset("a")], [flow(("a",))])
    node = graph.find(name)
    assert node is not None
    assert str(node.name) == "main.sales.a"


def test_live_is_the_pipelines_own_schema() -> None:
    graph = declared([dataset("a")], [flow(("a",))])
    assert graph.find(("LIVE", "a")) is graph.find(("a",))


def test_what_is_not_defined_is_not_found() -> None:
    graph = declared([dataset("a")], [flow(("a",))])
    assert graph.find(("b",)) is None
    assert graph.find(("other", "a")) is None


def test_a_bare_name_is_looked_up_in_the_schema_in_force() -> None:
    graph = declared([dataset("a"), dataset("gold", "a")], [flow(("a",)), flow(("gold", "a"))])
    found = graph.find(("a",), schema="gold")
    assert found is not None
    assert str(found.name) == "main.gold.a"


def test_a_view_is_found_whatever_schema_is_in_force_but_a_table_is_not() -> None:
    graph = declared(
        [dataset("v", kind=VIEW), dataset("t")],
        [flow(("v",)), flow(("t",))],
    )
    assert graph.find(("v",), schema="gold") is graph.find(("v",))
    assert graph.find(("t",), schema="gold") is None


# --- errors -----------------------------------------------------------------------------------


def test_a_name_defined_twice() -> None:
    found = error(
        [dataset("a", line=3), dataset("main", "SALES", "A", line=9)],
        [flow(("a",), line=3), flow(("f",), ("a",))],
    )
    assert found.code.name == "PIPELINE_DUPLICATE_IDENTIFIERS.OUTPUT"
    assert found.at == at(9)
    assert str(found.params["name"]) == "main.SALES.A"
    assert found.params["other"] == "a.py:3:1"


@pytest.mark.parametrize("again", [("a",), ("A",), ("sales", "a"), ("main", "sales", "a")])
def test_a_dataset_with_its_query_defined_twice_is_one_error(again: Name) -> None:
    found = error(
        [dataset("a", line=3), dataset(*again, line=9)], [flow(("a",), line=3), flow(again, line=9)]
    )
    assert found.code.name == "PIPELINE_DUPLICATE_IDENTIFIERS.OUTPUT"


@pytest.mark.parametrize(("lines", "told"), [((1, 1), True), ((1, 2), False)])
def test_one_line_that_defines_a_name_twice_is_told_why(lines, told) -> None:
    found = error([dataset("a", line=line) for line in lines], [flow(("a",))])
    assert ("loop" in found.hint) is told


def test_a_flow_defined_twice() -> None:
    found = error([dataset("a")], [flow(("f",), ("a",), line=2), flow(("F",), ("a",), line=5)])
    assert found.code.name == "PIPELINE_DUPLICATE_IDENTIFIERS.FLOW"
    assert found.at == at(5)
    assert found.params["other"] == "a.py:2:1"


def test_a_flow_may_not_take_the_name_of_another_datasets_flow() -> None:
    """A flow's name is the identity of its checkpoint, so it is one pipeline-wide."""
    found = error(
        [dataset("a"), dataset("b")], [flow(("a",)), flow(("b",)), flow(("a",), ("b",), line=7)]
    )
    assert found.code.name == "PIPELINE_DUPLICATE_IDENTIFIERS.FLOW"
    assert found.at == at(7)


@pytest.mark.parametrize("again", [("A",), ("main", "sales", "a")])
def test_a_view_that_is_defined_twice_is_told_of_once(again: Name) -> None:
    found = error(
        [dataset("a", kind=MATERIALIZED), dataset(*again, kind=MATERIALIZED, line=9)],
        [flow(("a",)), flow(again, line=9)],
    )
    assert found.code.name == "PIPELINE_DUPLICATE_IDENTIFIERS.OUTPUT"
    assert found.at == at(9)


def test_a_flow_without_a_target() -> None:
    found = error([dataset("orders")], [flow(("orders",)), flow(("f",), ("order",), line=4)])
    assert found.code.name == "FLOW_TARGET_NOT_FOUND"
    assert found.at == at(4)
    assert str(found.params["target"]) == "main.sales.order"
    assert found.params["suggestion"] == "; did you mean 'main.sales.orders'?"


def test_a_dataset_that_nothing_fills() -> None:
    found = error([dataset("a", line=6)], [])
    assert found.code.name == "PIPELINE_DATASET_WITHOUT_FLOW"
    assert found.at == at(6)


@pytest.mark.parametrize("kind", [MATERIALIZED, VIEW])
def test_only_a_streaming_table_takes_further_flows(kind: DatasetKind) -> None:
    found = error([dataset("a", kind=kind)], [flow(("a",)), flow(("f",), ("a",), line=8)])
    assert found.code.name == "MATERIALIZED_VIEW_WITH_MULTIPLE_QUERIES"
    assert found.at == at(8)
    assert found.params["flow"] == "f"


def test_a_table_may_turn_out_to_be_a_streaming_table_and_take_further_flows() -> None:
    graph = declared([dataset("a", kind=TABLE)], [flow(("a",)), flow(("f",), ("a",))])
    assert len(graph.nodes["main.sales.a"].flows) == 2


def test_expectations_are_unique_within_a_dataset() -> None:
    found = error(
        [dataset("a", line=5, rules=("x", "y", "x")), dataset("b", rules=("x",))],
        [flow(("a",)), flow(("b",))],
    )
    assert found.code.name == "DUPLICATE_EXPECTATION"
    assert found.params["name"] == "x"
    assert found.at == at(5)


def test_all_errors_are_told_at_once() -> None:
    found = errors([dataset("a"), dataset("b", rules=("x", "x"))], [flow(("f",), ("c",))])
    assert [each.code.name for each in found] == [
        "DUPLICATE_EXPECTATION",
        "FLOW_TARGET_NOT_FOUND",
        "PIPELINE_DATASET_WITHOUT_FLOW",
        "PIPELINE_DATASET_WITHOUT_FLOW",
    ]
