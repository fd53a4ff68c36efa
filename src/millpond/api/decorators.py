"""Dataset decorators: `table`, `materialized_view`, `temporary_view` (reference 1.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from millpond import codes
from millpond.api import arguments
from millpond.api.expectations import pending_expectations
from millpond.api.placeholder import Placeholder
from millpond.api.registry import active_registry
from millpond.definitions import Dataset, DatasetKind, Flow, FlowKind, Name, PythonQuery
from millpond.definitions.caller import caller_span
from millpond.errors import MillpondError
from millpond.location import Span

_PARAMETERS = (
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
    "temporary",
    "refresh_policy",
    "format",
)

DatasetFunction = Callable[[], Any]
Decorator = Callable[[DatasetFunction], Placeholder]

_FLOW_KINDS = {
    DatasetKind.TABLE: FlowKind.TABLE,
    DatasetKind.MATERIALIZED_VIEW: FlowKind.COMPLETE,
    DatasetKind.TEMPORARY_VIEW: FlowKind.VIEW,
}


def table(
    query_function: DatasetFunction | None = None,
    /,
    *,
    name: str | None = None,
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
    temporary: bool | None = None,
    format: str | None = None,
    **more: Any,
) -> Any:
    """Define a streaming table or a materialized view, whichever the function's frame is.

    The current reference documents `table` for streaming frames only, but real pipelines use it
    for batch frames too and Databricks runs them as materialized views; so does this.
    """
    arguments.refuse_unsupported("table", {"row_filter": row_filter, **more}, _PARAMETERS)
    options = {
        "comment": comment,
        "spark_conf": spark_conf,
        "table_properties": table_properties,
        "partition_cols": partition_cols,
        "cluster_by": cluster_by,
        "schema": schema,
        "private": bool(private or temporary),
    }
    return _decorated("table", DatasetKind.TABLE, query_function, name, options)


def materialized_view(
    query_function: DatasetFunction | None = None,
    /,
    *,
    name: str | None = None,
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
    refresh_policy: str | None = None,
    format: str | None = None,
    **more: Any,
) -> Any:
    """Define a materialized view: recomputed by every update, replaced at once.

    `refresh_policy` chooses how Databricks computes it, not what the result is; every policy
    means a full recomputation here.
    """
    unsupported = {"row_filter": row_filter, **more}
    arguments.refuse_unsupported("materialized_view", unsupported, _PARAMETERS)
    options = {
        "comment": comment,
        "spark_conf": spark_conf,
        "table_properties": table_properties,
        "partition_cols": partition_cols,
        "cluster_by": cluster_by,
        "schema": schema,
        "private": bool(private),
    }
    kind = DatasetKind.MATERIALIZED_VIEW
    return _decorated("materialized_view", kind, query_function, name, options)


def temporary_view(
    query_function: DatasetFunction | None = None,
    /,
    *,
    name: str | None = None,
    comment: str | None = None,
    spark_conf: dict[str, str] | None = None,
    **more: Any,
) -> Any:
    """Define a view that only this pipeline sees; it is computed where it is read."""
    arguments.refuse_unsupported("temporary_view", more, ("name", "comment", "spark_conf"))
    options = {"comment": comment, "spark_conf": spark_conf}
    kind = DatasetKind.TEMPORARY_VIEW
    return _decorated("temporary_view", kind, query_function, name, options)


def _decorated(
    feature: str,
    kind: DatasetKind,
    function: DatasetFunction | None,
    name: str | None,
    options: dict[str, Any],
) -> Placeholder | Decorator:
    at = caller_span()
    if function is None:
        return lambda later: _register(feature, kind, later, name, options, at)
    if not callable(function):
        raise arguments.wrong_argument(feature, "the first argument", "a function", function)
    return _register(feature, kind, function, name, options, at)


def _register(
    feature: str,
    kind: DatasetKind,
    function: DatasetFunction,
    name: str | None,
    options: dict[str, Any],
    at: Span,
) -> Placeholder:
    if not callable(function):
        raise arguments.wrong_argument(feature, "the decorated object", "a function", function)
    registry = active_registry(feature)
    parts = _name(feature, kind, function, name, at)
    arguments.refuse_two_layouts(options.get("partition_cols"), options.get("cluster_by"))
    dataset = Dataset(
        name=parts,
        kind=kind,
        at=at,
        language="PYTHON",
        comment=options["comment"],
        schema=options.get("schema"),
        partition_by=arguments.strings(feature, "partition_cols", options.get("partition_cols")),
        cluster_by=arguments.strings(feature, "cluster_by", options.get("cluster_by")),
        table_properties=arguments.string_map(
            feature, "table_properties", options.get("table_properties")
        ),
        private=options.get("private", False),
        expectations=pending_expectations(function),
    )
    registry.add_dataset(dataset)
    registry.add_flow(
        Flow(
            name=parts,
            target=parts,
            kind=_FLOW_KINDS[kind],
            query=PythonQuery(function),
            at=at,
            language="PYTHON",
            comment=options["comment"],
            spark_conf=arguments.string_map(feature, "spark_conf", options["spark_conf"]),
        )
    )
    return Placeholder(function, registry, dataset)


def _name(
    feature: str, kind: DatasetKind, function: DatasetFunction, name: str | None, at: Span
) -> Name:
    given = name if name is not None else getattr(function, "__name__", None)
    parts = arguments.name_of(feature, given, at)
    if kind is DatasetKind.TEMPORARY_VIEW and len(parts) > 1 + (parts[0].casefold() == "live"):
        raise MillpondError(
            codes.INVALID_NAME,
            at=at,
            name=".".join(parts),
            what="temporary view",
            reason="it belongs to the pipeline, so it has no catalog or schema",
        )
    return parts
