"""`table`, `materialized_view` and `temporary_view` (reference 1.1, 1.3)."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

import pytest

from millpond import codes
from millpond.api.decorators import materialized_view, table, temporary_view
from millpond.api.placeholder import Placeholder
from millpond.definitions import DatasetKind, FlowKind, PythonQuery
from millpond.notices import Notices, noticing


def query() -> None:
    """A dataset function."""


HERE = Path(__file__)


@pytest.mark.parametrize(
    ("decorator", "kind", "flow_kind"),
    [
        (table, DatasetKind.TABLE, FlowKind.TABLE),
        (materialized_view, DatasetKind.MATERIALIZED_VIEW, FlowKind.COMPLETE),
        (temporary_view, DatasetKind.TEMPORARY_VIEW, FlowKind.VIEW),
    ],
)
class TestEveryDecorator:
    """What the three have in common."""

    def test_bare(self, decorator, kind, flow_kind, dataset, flow) -> None:
        @decorator
        def orders() -> int:
            return 1

        assert dataset().name == flow().name == flow().target == ("orders",)
        assert dataset().kind is kind
        assert flow().kind is flow_kind
        assert isinstance(flow().query, PythonQuery)
        assert flow().query.function() == 1

    def test_called(self, decorator, kind, flow_kind, dataset) -> None:
        @decorator()
        def orders() -> None: ...

        assert dataset().name == ("orders",)
        assert dataset().kind is kind

    def test_with_a_name_and_a_comment(self, decorator, kind, flow_kind, dataset, flow) -> None:
        @decorator(name="sales", comment="All of them.")
        def orders() -> None: ...

        assert dataset().name == flow().name == ("sales",)
        assert dataset().comment == flow().comment == "All of them."

    def test_every_optional_argument_may_be_none(self, decorator, kind, flow_kind, dataset) -> None:
        """Real code passes them so."""

        @decorator(name=None, comment=None, spark_conf=None)
        def orders() -> None: ...

        assert dataset().name == ("orders",)

    def test_settings_of_the_query_become_text(self, decorator, kind, flow_kind, flow) -> None:
        @decorator(spark_conf={"a": True, "b": 8, "c": "x"})
        def orders() -> None: ...

        assert flow().spark_conf == {"a": "true", "b": "8", "c": "x"}

    def test_the_decorated_name_is_a_placeholder(self, decorator, kind, flow_kind, flow) -> None:
        """It returns nothing when it is called (reference 1.1)."""

        @decorator
        def orders() -> int:
            return 1

        assert isinstance(orders, Placeholder)
        assert orders() is None
        assert flow().query.function() == 1

    def test_a_positional_argument_that_is_no_function(
        self, decorator, kind, flow_kind, registry, refused
    ) -> None:
        error = refused(codes.INVALID_ARGUMENT, lambda: decorator("orders"))
        assert error.params["value"] == "orders"

    def test_decorating_what_is_no_function(
        self, decorator, kind, flow_kind, registry, refused
    ) -> None:
        error = refused(codes.INVALID_ARGUMENT, lambda: decorator(name="orders")(3))
        assert error.params["value"] == 3

    def test_a_name_that_is_no_text(self, decorator, kind, flow_kind, registry, refused) -> None:
        error = refused(codes.INVALID_ARGUMENT, lambda: decorator(name=3)(print))
        assert (error.params["argument"], error.params["value"]) == ("name", 3)

    def test_a_function_without_a_name(self, decorator, kind, flow_kind, registry, refused) -> None:
        error = refused(codes.INVALID_ARGUMENT, lambda: decorator()(functools.partial(print)))
        assert error.params["argument"] == "name"

    def test_a_misspelt_parameter(self, decorator, kind, flow_kind, registry, refused) -> None:
        error = refused(codes.UNKNOWN_ARGUMENT, lambda: decorator(coment="x"))
        assert error.params["argument"] == "coment"
        assert error.hint == "Did you mean comment?"

    def test_outside_of_pipeline_source(self, decorator, kind, flow_kind, refused) -> None:
        error = refused(codes.OUTSIDE_PIPELINE_SOURCE, lambda: decorator(query))
        assert error.params["feature"] == decorator.__name__

    def test_the_place_is_the_decorator(self, decorator, kind, flow_kind, dataset, flow) -> None:
        @decorator(
            name="orders",
        )
        def rows() -> None: ...

        assert dataset().at == flow().at
        assert dataset().at.file == HERE
        text = HERE.read_text().splitlines()[dataset().at.line - 1]
        assert text.strip() == "@decorator("


# --- tables and materialized views ------------------------------------------------------------


@pytest.mark.parametrize("decorator", [table, materialized_view])
class TestTables:
    """What a table and a materialized view have in common, and a view has not."""

    @pytest.mark.parametrize(
        ("name", "parts"),
        [
            ("orders", ("orders",)),
            ("stores.orders", ("stores", "orders")),
            ("main.stores.orders", ("main", "stores", "orders")),
            ("`a.b`.orders", ("a.b", "orders")),
        ],
    )
    def test_names_of_one_to_three_parts(self, decorator, dataset, name, parts) -> None:
        decorator(name=name)(query)
        assert dataset().name == parts

    def test_a_name_of_four_parts(self, decorator, registry, refused) -> None:
        error = refused(codes.INVALID_NAME, lambda: decorator(name="a.b.c.d")(query))
        assert error.params["name"] == "a.b.c.d"

    def test_properties_become_text(self, decorator, dataset) -> None:
        decorator(table_properties={"quality": "gold", "x": False, "n": 1})(query)
        assert dataset().table_properties == {"quality": "gold", "x": "false", "n": "1"}

    def test_properties_that_are_no_dictionary(self, decorator, registry, refused) -> None:
        error = refused(codes.INVALID_ARGUMENT, lambda: decorator(table_properties=["a"])(query))
        assert error.params["argument"] == "table_properties"

    @pytest.mark.parametrize(
        ("parameter", "field"), [("partition_cols", "partition_by"), ("cluster_by", "cluster_by")]
    )
    @pytest.mark.parametrize(
        ("value", "columns"),
        [(["a", "b"], ("a", "b")), (("a",), ("a",)), ("a", ("a",)), ([], ()), (None, ())],
    )
    def test_columns(self, decorator, dataset, parameter, field, value, columns) -> None:
        decorator(**{parameter: value})(query)
        assert getattr(dataset(), field) == columns

    @pytest.mark.parametrize("parameter", ["partition_cols", "cluster_by"])
    def test_columns_that_are_no_text(self, decorator, registry, refused, parameter) -> None:
        error = refused(codes.INVALID_ARGUMENT, lambda: decorator(**{parameter: [1]})(query))
        assert error.params["argument"] == parameter

    def test_partitions_and_clusters_exclude_each_other(self, decorator, registry, refused) -> None:
        refused(
            codes.SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED,
            lambda: decorator(partition_cols=["a"], cluster_by=["b"])(query),
        )

    def test_a_schema_is_kept_as_given(self, decorator, dataset) -> None:
        decorator(schema="id INT NOT NULL COMMENT 'the key'")(query)
        assert dataset().schema == "id INT NOT NULL COMMENT 'the key'"

    @pytest.mark.parametrize(("value", "private"), [(True, True), (False, False), (None, False)])
    def test_private(self, decorator, dataset, value, private) -> None:
        decorator(private=value)(query)
        assert dataset().private is private

    @pytest.mark.parametrize("option", [{"path": "/x"}, {"cluster_by_auto": True}])
    def test_options_without_an_effect_on_the_result(self, decorator, dataset, option) -> None:
        decorator(name="orders", **option)(query)
        assert dataset().name == ("orders",)
        assert dataset() == replace(dataset(), table_properties={}, cluster_by=(), private=False)

    @pytest.mark.parametrize(
        "option",
        [
            {"row_filter": "ROW FILTER f ON (a)"},
            {"path": "/x"},
            {"cluster_by_auto": True},
            {"format": "parquet"},
        ],
    )
    def test_what_has_no_effect_is_noted(self, decorator, dataset, option) -> None:
        with noticing(Notices()) as notices:
            decorator(**option)(query)
        (difference,) = notices.differences
        assert difference.feature.name == next(iter(option))
        assert difference.at.file == HERE
        assert dataset().name == ("query",)

    @pytest.mark.parametrize("schema", [3, ["a INT"]])
    def test_a_schema_is_text_or_a_struct(self, decorator, registry, refused, schema) -> None:
        refused(codes.INVALID_ARGUMENT, lambda: decorator(schema=schema)(query))


def test_temporary_is_the_old_word_for_private(dataset) -> None:
    table(temporary=True)(query)
    assert dataset().private


@pytest.mark.parametrize("policy", ["auto", "incremental", "incremental_strict", "full"])
def test_a_refresh_policy_does_not_change_the_result(dataset, policy: str) -> None:
    materialized_view(refresh_policy=policy)(query)
    assert dataset().kind is DatasetKind.MATERIALIZED_VIEW


def test_a_policy_that_is_none(registry, refused) -> None:
    call = lambda: materialized_view(refresh_policy="sometimes")(query)  # noqa: E731
    refused(codes.INVALID_ARGUMENT, call)


def test_a_table_that_replaces_by_a_predicate(dataset, flow) -> None:
    table(replace_where="day > '2026-01-01'")(query)
    assert dataset().kind is DatasetKind.STREAMING_TABLE
    assert (flow().kind, flow().replace_where) == (FlowKind.REPLACE_WHERE, "day > '2026-01-01'")


def test_a_table_that_replaces_by_key(dataset, flow) -> None:
    table(replace_using=["a", "b"], sequence_by="seq")(query)
    assert dataset().kind is DatasetKind.STREAMING_TABLE
    assert flow().kind is FlowKind.REPLACE_USING
    assert (flow().replace_using, flow().sequence_by) == (("a", "b"), "seq")


@pytest.mark.parametrize(
    ("option", "code"),
    [
        ({"replace_using": ["id"]}, codes.INVALID_ARGUMENT),
        ({"sequence_by": "ts"}, codes.INVALID_ARGUMENT),
        ({"replace_using": ["id"], "sequence_by": 3}, codes.INVALID_ARGUMENT),
        (
            {"replace_using": ["id"], "sequence_by": "ts", "replace_where": "x"},
            codes.CANNOT_SET_TOGETHER,
        ),
    ],
)
def test_replacing_that_is_not_whole(registry, refused, option, code) -> None:
    refused(code, lambda: table(**option)(query))


@pytest.mark.parametrize("function", [lambda: None, functools.partial(print)])
def test_a_function_without_a_name_needs_one(registry, refused, function) -> None:
    refused(codes.INVALID_ARGUMENT, lambda: table(function))


@pytest.mark.parametrize("name", ["stores.orders", "main.stores.orders"])
def test_a_views_name_has_one_part(registry, refused, name: str) -> None:
    error = refused(codes.INVALID_NAME, lambda: temporary_view(name=name)(query))
    assert error.params["what"] == "temporary view"


def test_a_views_name_may_start_with_live(dataset) -> None:
    temporary_view(name="LIVE.orders")(query)
    assert dataset().name == ("LIVE", "orders")


# --- several definitions ----------------------------------------------------------------------


def test_loops_define_datasets_in_their_order(registry) -> None:
    for name in ["a", "b"]:

        @table(name=name)
        def rows(name: str = name) -> str:
            return name

    definitions = registry.definitions()
    assert [each.name for each in definitions.datasets] == [("a",), ("b",)]
    assert [each.query.function() for each in definitions.flows] == ["a", "b"]


def test_a_loops_variable_is_bound_late_without_a_default(registry) -> None:
    for name in ["a", "b"]:

        @table(name=name)
        def rows() -> str:
            return name  # noqa: B023 - that is what is tested

    assert [each.query.function() for each in registry.definitions().flows] == ["b", "b"]
