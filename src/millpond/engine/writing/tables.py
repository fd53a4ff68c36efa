"""Create the Delta table of a dataset with what only creation can set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from millpond.definitions import DatasetKind, SqlQuery
from millpond.engine.context import UpdateContext
from millpond.engine.evaluation.outside import read_delta
from millpond.engine.evaluation.relations import evaluating
from millpond.engine.resolved import ResolvedDataset
from millpond.engine.state import StoredTable
from millpond.engine.writing.computed_columns import identity_notes
from millpond.engine.writing.schema import columns_digest
from millpond.engine.writing.types import fits
from millpond.spark_connect import is_remote

if TYPE_CHECKING:
    from pyspark.sql.types import StructType


_OF_CHANGES = {"delta.enableDeletionVectors": "true"}
"""Lets a batch mark rows as replaced, where it would write their whole files anew."""

_FEED = "delta.enableChangeDataFeed"


def delta_properties(dataset: ResolvedDataset) -> dict[str, str]:
    """The table properties that Delta itself acts on; others (`quality`, …) are only labels."""
    properties = dataset.dataset.table_properties
    return {key: value for key, value in properties.items() if key.startswith("delta.")}


def register(context: UpdateContext, dataset: ResolvedDataset) -> None:
    """Record a dataset's table in the state, keeping what is known of it.

    A dataset that became another kind starts anew: a stream must not append to the rows of a
    materialized view.
    """
    known = context.state.tables.get(dataset.name.key)
    if known is not None and known.kind != dataset.kind.value:
        context.state.renew(dataset.name)
        known = context.state.tables[dataset.name.key]
    context.state.record(
        StoredTable(
            catalog=dataset.name.catalog,
            schema=dataset.name.schema,
            name=dataset.name.name,
            kind=dataset.kind.value,
            pipeline=context.spec.pipeline_id,
            generation=known.generation if known else 0,
            created=known.created if known else False,
            private=dataset.dataset.private,
            columns=columns_digest(dataset),
            owner=context.spec.name,
            changes=dataset.layout.described() if dataset.layout is not None else {},
            wider=_wider(context, dataset, known),
        )
    )


def _wider(
    context: UpdateContext, dataset: ResolvedDataset, known: StoredTable | None
) -> Mapping[str, str]:
    """The columns that the table has with a wider type than the query, and that type."""
    if known is None or not known.created or dataset.kind is not DatasetKind.STREAMING_TABLE:
        return {}
    if known.columns == columns_digest(dataset):
        return known.wider
    from pyspark.sql.types import AtomicType

    path = context.state.table_path(dataset.name)
    stored = read_delta(context.session, path, False, {}).schema
    given = {field.name.casefold(): field.dataType for field in dataset.schema.fields}
    return {
        field.name: field.dataType.simpleString()
        for field in stored.fields
        if field.name.casefold() in given
        and given[field.name.casefold()] != field.dataType
        and isinstance(field.dataType, AtomicType)
        and fits(given[field.name.casefold()], field.dataType)
    }


def is_made_by_its_first_batch(dataset: ResolvedDataset) -> bool:
    """Whether the first write can create a streaming table without losing anything.

    Creating it beforehand costs a commit more; it is needed for what a streaming write cannot
    set, and where several flows would race to create it.
    """
    definition = dataset.dataset
    plain = not (definition.comment or definition.cluster_by or delta_properties(dataset))
    return plain and dataset.declared is None and len(dataset.flows) == 1


def register_view(context: UpdateContext, dataset: ResolvedDataset) -> None:
    """Record a published view in the state: it has a query and no rows (reference 2.3)."""
    query = dataset.flows[0].flow.query
    assert isinstance(query, SqlQuery), "only SQL publishes views"
    context.state.record(
        StoredTable(
            catalog=dataset.name.catalog,
            schema=dataset.name.schema,
            name=dataset.name.name,
            kind=dataset.kind.value,
            pipeline=context.spec.pipeline_id,
            created=True,
            owner=context.spec.name,
            query=str(query.text),
            query_catalog=query.catalog or context.spec.catalog,
            query_schema=query.schema or context.spec.schema,
        )
    )


def numbers_its_rows(dataset: ResolvedDataset) -> bool:
    """Whether a table has an identity column."""
    return any(column.computation.is_identity for column in dataset.dataset.computed)


def create(context: UpdateContext, dataset: ResolvedDataset) -> None:
    """Create the empty table of a dataset, if it does not exist."""
    with context.state.creating(dataset.name):
        if not context.state.tables[dataset.name.key].created:
            _create(context, dataset)
            context.state.mark_created(dataset.name)


def widen(context: UpdateContext, dataset: ResolvedDataset) -> None:
    """Add the columns that the dataset has got since its table was made."""
    path = str(context.state.table_path(dataset.name))
    stored = context.session.read.format("delta").load(path).schema
    known = {field.name.casefold() for field in stored.fields}
    columns = _stored_columns(dataset)
    if any(field.name.casefold() not in known for field in columns.fields):
        empty = context.session.createDataFrame([], _without_identities(columns, dataset))
        empty.write.format("delta").mode("append").option("mergeSchema", "true").save(path)


def enable_feed(context: UpdateContext, dataset: ResolvedDataset) -> None:
    """Let a target record its change data feed from now on; Databricks always does (4.5)."""
    if not dataset.feeds:
        return
    table = f"delta.`{context.state.table_path(dataset.name)}`"
    with evaluating(None):
        found = context.session.sql(f"SHOW TBLPROPERTIES {table}").collect()
        if not any(row["key"] == _FEED and row["value"] == "true" for row in found):
            context.session.sql(f"ALTER TABLE {table} SET TBLPROPERTIES ('{_FEED}' = 'true')")


def _create(context: UpdateContext, dataset: ResolvedDataset) -> None:
    from delta.tables import DeltaTable

    if is_remote(context.session):
        _create_remotely(context, dataset)
        return
    definition = dataset.dataset
    builder = DeltaTable.createIfNotExists(context.session)
    builder = builder.location(str(context.state.table_path(dataset.name)))
    builder = builder.addColumns(_with_identities(_stored_columns(dataset), dataset))
    if definition.comment:
        builder = builder.comment(definition.comment)
    if definition.partition_by:
        builder = builder.partitionedBy(*definition.partition_by)
    elif definition.cluster_by:
        builder = builder.clusterBy(*definition.cluster_by)
    defaults = _OF_CHANGES if dataset.layout is not None else {}
    if dataset.layout is not None and dataset.feeds:
        defaults = {**defaults, _FEED: "true"}
    for key, value in {**defaults, **delta_properties(dataset)}.items():
        builder = builder.property(key, value)
    builder.execute()


def _create_remotely(context: UpdateContext, dataset: ResolvedDataset) -> None:
    """The same by a write without rows: Delta's builder needs a part of its own in the server."""
    definition = dataset.dataset
    empty = context.session.createDataFrame([], _stored_columns(dataset))
    writer = empty.write.format("delta").mode("append").options(**delta_properties(dataset))
    if definition.partition_by:
        writer = writer.partitionBy(*definition.partition_by)
    elif definition.cluster_by:
        writer = writer.clusterBy(*definition.cluster_by)
    path = context.state.table_path(dataset.name)
    writer.save(str(path))
    if definition.comment:
        text = definition.comment.replace("\\", "\\\\").replace("'", "\\'")
        context.session.sql(f"COMMENT ON TABLE delta.`{path}` IS '{text}'")


def _stored_columns(dataset: ResolvedDataset) -> StructType:
    """All columns of the table, without NOT NULL: the query enforces that, and says it better."""
    from pyspark.sql.types import StructField, StructType

    hidden = dataset.layout.hidden.fields if dataset.layout is not None else []
    fields = [
        StructField(f.name, f.dataType, True, f.metadata) for f in (*dataset.schema.fields, *hidden)
    ]
    return StructType(fields)


def _with_identities(columns: StructType, dataset: ResolvedDataset) -> StructType:
    """The columns with what Delta has to know of those it numbers itself."""
    from pyspark.sql.types import StructField, StructType

    notes = identity_notes(dataset.dataset.computed)
    return StructType(
        [
            StructField(
                f.name, f.dataType, True, {**f.metadata, **notes.get(f.name.casefold(), {})}
            )
            for f in columns.fields
        ]
    )


def _without_identities(columns: StructType, dataset: ResolvedDataset) -> StructType:
    """The columns that a frame may give: an identity column refuses even no rows."""
    from pyspark.sql.types import StructType

    notes = identity_notes(dataset.dataset.computed)
    return StructType([field for field in columns.fields if field.name.casefold() not in notes])
