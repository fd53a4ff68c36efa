"""Whether the tables of earlier updates can go on as they are; told before any data moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import DatasetKind
from millpond.engine.context import UpdateContext
from millpond.engine.evaluation.outside import read_delta
from millpond.engine.resolved import ResolvedDataset, ResolvedGraph
from millpond.engine.selection import Selection
from millpond.engine.snapshots.checks import snapshot_drift
from millpond.engine.state import StoredTable
from millpond.engine.writing.schema import columns_digest
from millpond.engine.writing.types import fits
from millpond.errors import Failures, MillpondError

if TYPE_CHECKING:
    from pyspark.sql.types import DataType, StructType

_MULTIPLE_OWNERS = "pipelines.tableManagedByMultiplePipelinesCheck.enabled"
_WIDENING = "delta.enableTypeWidening"


def check_continuity(context: UpdateContext, graph: ResolvedGraph, selection: Selection) -> None:
    """See that each table still belongs to this pipeline, is of its kind and fits its query.

    Raises:
        Failures: TABLE_OF_ANOTHER_PIPELINE, DATASET_KIND_CHANGED, INCOMPATIBLE_SCHEMA_CHANGE and
            SNAPSHOT_STATE_DRIFT.
    """
    errors: list[MillpondError] = []
    for dataset in graph.tables():
        stored = context.state.tables.get(dataset.name.key)
        if stored is None:
            continue
        owner = _ownership(context, dataset, stored)
        if owner is not None:
            errors.append(owner)
        elif stored.created and dataset.name.key not in selection.renew:
            errors.extend(snapshot_drift(context, dataset))
            errors.extend(_differences(context, dataset, stored))
    if errors:
        raise Failures(errors)


def _ownership(
    context: UpdateContext, dataset: ResolvedDataset, stored: StoredTable
) -> MillpondError | None:
    """Owners are told apart by name, since an id changes when a project's folder is moved.

    Source without a bundle is run by the file or the folder, as one pleases: it owns nothing.
    """
    spec = context.spec
    checked = spec.configuration.get(_MULTIPLE_OWNERS, "true").casefold() != "false"
    mine = stored.pipeline == spec.pipeline_id or stored.owner in ("", spec.name)
    if mine or spec.at is None or not stored.active or not checked:
        return None
    return MillpondError(
        codes.TABLE_OF_ANOTHER_PIPELINE,
        at=dataset.dataset.at,
        name=dataset.name,
        owner=stored.owner,
    )


def _differences(
    context: UpdateContext, dataset: ResolvedDataset, stored: StoredTable
) -> Iterator[MillpondError]:
    streaming = DatasetKind.STREAMING_TABLE
    if dataset.kind is not streaming:
        if stored.kind == streaming.value:
            yield MillpondError(
                codes.DATASET_KIND_CHANGED, at=dataset.dataset.at, name=dataset.name
            )
        return
    drift = list(_drift(dataset, stored))
    if drift:
        yield from drift
        return
    same = stored.columns == columns_digest(dataset)
    if stored.kind != streaming.value or same or _widens(dataset):
        return
    table = read_delta(context.session, context.state.table_path(dataset.name), False, {}).schema
    for column, before, now in _clashes(table, dataset.schema):
        yield MillpondError(
            codes.INCOMPATIBLE_SCHEMA_CHANGE,
            at=dataset.flows[0].flow.at,
            dataset=dataset.name,
            column=column,
            detail=f"it is {before} in the table, {now} in the query",
        )


def _drift(dataset: ResolvedDataset, stored: StoredTable) -> Iterator[MillpondError]:
    """What AUTO CDC over rows of another kind, or under another order, would get wrong."""
    now = dataset.layout.described() if dataset.layout is not None else {}
    before = stored.changes
    if not before and not now:
        return
    if not before or not now:
        before, now = ({"kind": "AUTO CDC" if each else "rows added"} for each in (before, now))
    for what, value in before.items():
        if now[what].casefold() != value.casefold():
            flow = dataset.flows[0].flow
            yield MillpondError(
                codes.AUTO_CDC_STATE_DRIFT,
                at=flow.cdc.at if flow.cdc is not None else flow.at,
                target=dataset.name,
                what=what,
                before=value,
                now=now[what],
            )


def _widens(dataset: ResolvedDataset) -> bool:
    return dataset.dataset.table_properties.get(_WIDENING, "").casefold() == "true"


def _clashes(table: StructType, query: StructType) -> Iterator[tuple[str, str, str]]:
    """Name, type in the table and type in the query of each column that does not fit."""
    known = {field.name.casefold(): field for field in table.fields}
    for field in query.fields:
        before = known.get(field.name.casefold())
        if before is not None and not _takes(before.dataType, field.dataType):
            yield field.name, before.dataType.simpleString(), field.dataType.simpleString()


def _takes(table: DataType, query: DataType) -> bool:
    """Whether a column can take values of a type: the same or a narrower one, fields added."""
    from pyspark.sql.types import ArrayType, MapType, StructType

    if isinstance(table, StructType) and isinstance(query, StructType):
        return not any(_clashes(table, query))
    if isinstance(table, ArrayType) and isinstance(query, ArrayType):
        return _takes(table.elementType, query.elementType)
    if isinstance(table, MapType) and isinstance(query, MapType):
        return _takes(table.keyType, query.keyType) and _takes(table.valueType, query.valueType)
    return fits(query, table)
