"""Dataset decorators: `table`, `materialized_view`, `temporary_view` (reference 1.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from millpond import codes
from millpond.api import arguments, dataset_options
from millpond.api.expectations import pending_expectations
from millpond.api.placeholder import Placeholder
from millpond.api.registry import active_registry
from millpond.api.replacement import replacement
from millpond.definitions import DatasetKind, Flow, FlowKind, Name, PythonQuery
from millpond.definitions.caller import caller_span
from millpond.errors import MillpondError
from millpond.location import Span

DatasetFunction = Callable[[], Any]

_FLOW_KINDS = {
    DatasetKind.TABLE: FlowKind.TABLE,
    DatasetKind.MATERIALIZED_VIEW: FlowKind.COMPLETE,
    DatasetKind.TEMPORARY_VIEW: FlowKind.VIEW,
}


def table(query_function: DatasetFunction | None = None, /, **given: Any) -> Any:
    """Define a streaming table or a materialized view, whichever the function's frame is.

    The current reference documents `table` for streaming frames only, but real pipelines use it
    for batch frames too and Databricks runs them as materialized views; so does this. With
    `replace_where` or `replace_using` it is a streaming table whose rows are replaced.

    Parameters: `dataset_options.TABLE`, with or without brackets.
    """
    return _decorated("table", DatasetKind.TABLE, query_function, given, dataset_options.TABLE)


def materialized_view(query_function: DatasetFunction | None = None, /, **given: Any) -> Any:
    """Define a materialized view: recomputed by every update, replaced at once.

    `refresh_policy` chooses how Databricks computes it, not what the result is.

    Parameters: `dataset_options.MATERIALIZED_VIEW`, with or without brackets.
    """
    kind, known = DatasetKind.MATERIALIZED_VIEW, dataset_options.MATERIALIZED_VIEW
    return _decorated("materialized_view", kind, query_function, given, known)


def temporary_view(query_function: DatasetFunction | None = None, /, **given: Any) -> Any:
    """Define a view that only this pipeline sees; it is computed where it is read.

    Parameters: `dataset_options.VIEW`, with or without brackets.
    """
    kind, known = DatasetKind.TEMPORARY_VIEW, dataset_options.VIEW
    return _decorated("temporary_view", kind, query_function, given, known)


def _decorated(
    feature: str,
    kind: DatasetKind,
    function: DatasetFunction | None,
    given: Mapping[str, Any],
    known: tuple[str, ...],
) -> Any:
    at = caller_span()
    arguments.refuse_unknown(feature, given, known)
    if function is None:
        return lambda later: _register(feature, kind, later, given, at)
    arguments.callable_of(feature, "the first argument", function)
    return _register(feature, kind, function, given, at)


def _register(
    feature: str,
    kind: DatasetKind,
    function: DatasetFunction,
    given: Mapping[str, Any],
    at: Span,
) -> Placeholder:
    arguments.callable_of(feature, "the decorated object", function)
    registry = active_registry(feature)
    parts = arguments.function_name(feature, given.get("name"), function, at)
    if kind is DatasetKind.TEMPORARY_VIEW:
        _refuse_qualified(parts, at)
    replaced = replacement(feature, given, at)
    if replaced.kind is not None:
        kind = DatasetKind.STREAMING_TABLE
    dataset = dataset_options.dataset_of(
        feature, kind, parts, at, given, pending_expectations(function)
    )
    registry.add_dataset(dataset)
    registry.add_flow(
        Flow(
            name=parts,
            target=parts,
            kind=replaced.kind or _FLOW_KINDS[kind],
            query=PythonQuery(function),
            at=at,
            language="PYTHON",
            comment=dataset.comment,
            spark_conf=arguments.string_map(feature, "spark_conf", given.get("spark_conf")),
            replace_where=replaced.where,
            replace_using=replaced.using,
            sequence_by=replaced.sequence_by,
        )
    )
    return Placeholder(function, registry, dataset)


def _refuse_qualified(parts: Name, at: Span) -> None:
    if len(parts) > 1 + (parts[0].casefold() == "live"):
        raise MillpondError(
            codes.INVALID_NAME,
            at=at,
            name=".".join(parts),
            what="temporary view",
            reason="it belongs to the pipeline, so it has no catalog or schema",
        )
