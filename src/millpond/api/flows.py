"""Streaming tables without a query, and the append flows that fill them (reference 1.3, 1.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from millpond.api import arguments
from millpond.api.expectations import expectation_group, refuse_expectations
from millpond.api.registry import active_registry
from millpond.definitions import Action, Dataset, DatasetKind, Flow, FlowKind, PythonQuery
from millpond.definitions.caller import caller_span

_FLOW_PARAMETERS = ("name", "target", "comment", "spark_conf")
_TABLE_PARAMETERS = (
    "name",
    "comment",
    "spark_conf",
    "table_properties",
    "path",
    "partition_cols",
    "cluster_by_auto",
    "cluster_by",
    "schema",
    "private",
    "expect_all",
    "expect_all_or_drop",
    "expect_all_or_fail",
    "format",
)


def create_streaming_table(
    name: str,
    *,
    comment: str | None = None,
    spark_conf: dict[str, str] | None = None,
    table_properties: dict[str, str] | None = None,
    path: str | None = None,
    partition_cols: list[str] | None = None,
    cluster_by_auto: bool = False,
    cluster_by: list[str] | None = None,
    schema: Any = None,
    row_filter: str | None = None,
    private: bool | None = None,
    expect_all: dict[str, Any] | None = None,
    expect_all_or_drop: dict[str, Any] | None = None,
    expect_all_or_fail: dict[str, Any] | None = None,
    format: str | None = None,
    **more: Any,
) -> None:
    """Define a streaming table that flows fill; it has no query of its own."""
    feature = "create_streaming_table"
    at = caller_span()
    arguments.refuse_unsupported(feature, {"row_filter": row_filter, **more}, _TABLE_PARAMETERS)
    arguments.refuse_two_layouts(partition_cols, cluster_by)
    expectations = (
        *expectation_group(feature, expect_all, Action.WARN, at),
        *expectation_group(feature, expect_all_or_drop, Action.DROP, at),
        *expectation_group(feature, expect_all_or_fail, Action.FAIL, at),
    )
    active_registry(feature).add_dataset(
        Dataset(
            name=arguments.name_of(feature, name, at),
            kind=DatasetKind.STREAMING_TABLE,
            at=at,
            language="PYTHON",
            comment=comment,
            schema=schema,
            partition_by=arguments.strings(feature, "partition_cols", partition_cols),
            cluster_by=arguments.strings(feature, "cluster_by", cluster_by),
            table_properties=arguments.string_map(feature, "table_properties", table_properties),
            private=bool(private),
            expectations=expectations,
        )
    )


def append_flow(
    name: str | None = None,
    target: str | None = None,
    comment: str | None = None,
    spark_conf: dict[str, str] | None = None,
    once: bool = False,
    **more: Any,
) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Define a flow that appends its streaming frame to a streaming table.

    Expectations belong on its target (reference 1.4): one on the flow itself is an error, as it
    would have no effect.
    """
    feature = "append_flow"
    at = caller_span()
    arguments.refuse_unsupported(feature, {"once": once, **more}, _FLOW_PARAMETERS)
    into = arguments.name_of(feature, target, at, argument="target")
    registry = active_registry(feature)

    def register(function: Callable[[], Any]) -> Callable[[], Any]:
        if not callable(function):
            raise arguments.wrong_argument(feature, "the decorated object", "a function", function)
        refuse_expectations(function, ".".join(into))
        given = name or getattr(function, "__name__", None)
        registry.add_flow(
            Flow(
                name=arguments.name_of(feature, given, at),
                target=into,
                kind=FlowKind.APPEND,
                query=PythonQuery(function),
                at=at,
                language="PYTHON",
                comment=comment,
                spark_conf=arguments.string_map(feature, "spark_conf", spark_conf),
            )
        )
        return function

    return register
