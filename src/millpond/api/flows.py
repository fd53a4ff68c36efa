"""Streaming tables without a query, and the flows that fill them (reference 1.3, 1.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from millpond.api import arguments, dataset_options
from millpond.api.expectations import expectation_group, refuse_expectations
from millpond.api.placeholder import Placeholder
from millpond.api.registry import active_registry
from millpond.api.replacement import Replacement, replacement
from millpond.definitions import Action, DatasetKind, Flow, FlowKind, PythonQuery
from millpond.definitions.caller import caller_span

_APPEND = ("name", "target", "comment", "spark_conf", "once")
_REPLACE = ("target", "replace_using", "sequence_by", "name", "comment", "spark_conf")
_UPDATE = ("name", "target", "spark_conf", "comment")

FlowDecorator = Callable[[Callable[[], Any]], Placeholder]


def create_streaming_table(*positional: Any, **named: Any) -> None:
    """Define a streaming table that flows fill; it has no query of its own.

    Parameters: `dataset_options.STREAMING_TABLE`.
    """
    feature = "create_streaming_table"
    at = caller_span()
    given = arguments.bound(feature, dataset_options.STREAMING_TABLE, positional, named)
    expectations = tuple(
        expectation
        for argument, action in (
            ("expect_all", Action.WARN),
            ("expect_all_or_drop", Action.DROP),
            ("expect_all_or_fail", Action.FAIL),
        )
        for expectation in expectation_group(feature, given.get(argument), action, at)
    )
    arguments.string_map(feature, "spark_conf", given.get("spark_conf"))
    name = arguments.name_of(feature, given.get("name"), at)
    registry = active_registry(feature)
    kind = DatasetKind.STREAMING_TABLE
    registry.add_dataset(dataset_options.dataset_of(feature, kind, name, at, given, expectations))


def append_flow(*positional: Any, **named: Any) -> FlowDecorator:
    """Define a flow that appends to a streaming table or a sink.

    Its function returns a streaming frame, or a batch frame with `once=True`: then it runs once,
    and again only after a full refresh. Expectations belong on its target (reference 1.4): one
    on the flow itself is an error, as it would have no effect.
    """
    given = arguments.bound("append_flow", _APPEND, positional, named)
    return _flow("append_flow", FlowKind.APPEND, given)


def replace_flow(*positional: Any, **named: Any) -> FlowDecorator:
    """Define a flow whose rows replace those of the same key and a lower sequence."""
    given = arguments.bound("replace_flow", _REPLACE, positional, named)
    arguments.required("replace_flow", given, "replace_using")
    return _flow("replace_flow", FlowKind.REPLACE_USING, given)


def update_flow(*positional: Any, **named: Any) -> FlowDecorator:
    """Define a flow that writes only the rows that changed into a sink, which is not Delta."""
    given = arguments.bound("update_flow", _UPDATE, positional, named)
    return _flow("update_flow", FlowKind.UPDATE, given)


def _flow(feature: str, kind: FlowKind, given: Mapping[str, Any]) -> FlowDecorator:
    at = caller_span()
    into = arguments.name_of(feature, given.get("target"), at, argument="target")
    registry = active_registry(feature)
    replaced = replacement(feature, given, at) if feature == "replace_flow" else Replacement()
    once = arguments.flag(feature, given, "once")
    comment = arguments.text(feature, given, "comment")
    spark_conf = arguments.string_map(feature, "spark_conf", given.get("spark_conf"))

    def register(function: Callable[[], Any]) -> Placeholder:
        arguments.callable_of(feature, "the decorated object", function)
        refuse_expectations(function, ".".join(into))
        flow = Flow(
            name=arguments.function_name(feature, given.get("name"), function, at),
            target=into,
            kind=kind,
            query=PythonQuery(function),
            at=at,
            language="PYTHON",
            comment=comment,
            once=once,
            spark_conf=spark_conf,
            replace_using=replaced.using,
            sequence_by=replaced.sequence_by,
        )
        registry.add_flow(flow)
        return Placeholder(function, registry, flow)

    return register
