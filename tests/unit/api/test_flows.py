"""`create_streaming_table` and `append_flow` (reference 1.3, 1.4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond import codes
from millpond.api.flows import (
    append_flow,
    create_streaming_table,
    replace_flow,
    update_flow,
)
from millpond.definitions import Action, DatasetKind, FlowKind


def query() -> None:
    """A dataset function."""


def test_a_streaming_table_has_no_flow_of_its_own(registry, dataset) -> None:
    create_streaming_table("main.stores.orders", comment="All.")
    assert dataset().name == ("main", "stores", "orders")
    assert dataset().kind is DatasetKind.STREAMING_TABLE
    assert dataset().comment == "All."
    assert registry.definitions().flows == ()


def test_every_parameter_of_a_streaming_table(dataset) -> None:
    create_streaming_table(
        name="orders",
        spark_conf={"a": "b"},
        table_properties={"quality": "silver"},
        path=None,
        partition_cols=["day"],
        cluster_by_auto=False,
        cluster_by=None,
        schema="id INT",
        row_filter=None,
        private=True,
        expect_all={"a": "x"},
        expect_all_or_drop={"b": "x"},
        expect_all_or_fail={"c": "x"},
    )
    assert dataset().partition_by == ("day",)
    assert dataset().schema == "id INT"
    assert dataset().private
    assert dataset().table_properties == {"quality": "silver"}
    found = [(each.name, each.action) for each in dataset().expectations]
    assert found == [("a", Action.WARN), ("b", Action.DROP), ("c", Action.FAIL)]


def test_the_place_of_a_streaming_table_is_the_call(dataset) -> None:
    create_streaming_table("orders", expect_all={"a": "x"})
    line = Path(__file__).read_text().splitlines()[dataset().at.line - 1]
    assert line.strip() == 'create_streaming_table("orders", expect_all={"a": "x"})'
    assert dataset().expectations[0].at == dataset().at


def test_partitions_and_clusters_exclude_each_other(registry, refused) -> None:
    refused(
        codes.SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED,
        lambda: create_streaming_table("orders", partition_cols=["a"], cluster_by=["b"]),
    )


def test_a_table_outside_of_pipeline_source(refused) -> None:
    refused(codes.OUTSIDE_PIPELINE_SOURCE, lambda: create_streaming_table("orders"))


def test_a_misspelt_parameter(registry, refused) -> None:
    call = lambda: create_streaming_table("orders", expect_all_or_dorp={})  # noqa: E731
    assert call() is None  # nothing is set
    error = refused(
        codes.UNKNOWN_ARGUMENT,
        lambda: create_streaming_table("orders", expect_all_or_dorp={"a": "x"}),
    )
    assert error.hint == "Did you mean expect_all_or_drop?"


# --- append flows -----------------------------------------------------------------------------


def test_a_flow_is_named_like_its_function(flow) -> None:
    @append_flow(target="orders")
    def from_east() -> int:
        return 1

    assert flow().name == ("from_east",)
    assert flow().target == ("orders",)
    assert flow().kind is FlowKind.APPEND
    assert flow().query.function() == 1


def test_the_name_of_a_flow_is_a_placeholder(registry) -> None:
    @append_flow(target="orders")
    def from_east() -> int:
        return 1

    assert from_east() is None


def test_one_function_may_be_several_flows(registry) -> None:
    for region in ("east", "west"):
        append_flow(name=f"from_{region}", target="orders")(query)
    assert [each.name for each in registry.definitions().flows] == [("from_east",), ("from_west",)]


def test_a_flow_with_everything(flow) -> None:
    append_flow(name="a.f", target="b.orders", comment="All.", spark_conf={"x": 1}, once=False)(
        query
    )
    assert flow().name == ("a", "f")
    assert flow().target == ("b", "orders")
    assert flow().comment == "All."
    assert flow().spark_conf == {"x": "1"}


def test_name_and_target_by_position(flow) -> None:
    """The order of the old API (reference 1.4)."""
    append_flow("f", "orders")(query)
    assert (flow().name, flow().target) == (("f",), ("orders",))


def test_several_flows_of_one_function(registry) -> None:
    @append_flow(name="to_a", target="a")
    @append_flow(name="to_b", target="b")
    def rows() -> None: ...

    found = {each.name: each.target for each in registry.definitions().flows}
    assert found == {("to_a",): ("a",), ("to_b",): ("b",)}


def test_flows_in_a_loop(registry) -> None:
    for region in ["east", "west"]:

        @append_flow(target="orders", name=f"from_{region}")
        def rows(region: str = region) -> str:
            return region

    flows = registry.definitions().flows
    assert [each.query.function() for each in flows] == ["east", "west"]


@pytest.mark.parametrize("target", [None, 3])
def test_a_flow_needs_a_target(registry, refused, target) -> None:
    error = refused(codes.INVALID_ARGUMENT, lambda: append_flow(target=target))
    assert (error.params["argument"], error.params["value"]) == ("target", target)


def test_a_bare_flow_decorator_has_no_target(registry, refused) -> None:
    refused(codes.INVALID_ARGUMENT, lambda: append_flow(query))


def test_a_flow_of_what_is_no_function(registry, refused) -> None:
    assert refused(codes.INVALID_ARGUMENT, lambda: append_flow(target="a")(3)).params["value"] == 3


def test_a_flow_that_runs_once(flow) -> None:
    append_flow(target="a", once=True)(query)
    assert flow().once


def test_a_flow_that_updates(flow) -> None:
    update_flow(target="a", spark_conf={"x": 1})(query)
    assert (flow().kind, flow().spark_conf) == (FlowKind.UPDATE, {"x": "1"})


def test_a_flow_that_replaces(flow) -> None:
    replace_flow(target="a", replace_using="id", sequence_by="seq", name="f")(query)
    assert (flow().kind, flow().replace_using) == (FlowKind.REPLACE_USING, ("id",))
    assert (flow().name, flow().sequence_by) == (("f",), "seq")


def test_a_replace_flow_without_keys(registry, refused) -> None:
    refused(codes.INVALID_ARGUMENT, lambda: replace_flow(target="a", sequence_by="seq"))


def test_a_flow_outside_of_pipeline_source(refused) -> None:
    refused(codes.OUTSIDE_PIPELINE_SOURCE, lambda: append_flow(target="a"))
