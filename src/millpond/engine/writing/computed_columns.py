"""Generated columns, defaults and identity columns: what the query does not give (reference 2.1).

Generated values and defaults are columns of the frame that is written, so expectations see them
and they are the same whatever writes the table. Identity values only the table can give: Delta
numbers the rows when they are written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import (
    Computation,
    ComputedColumn,
    Dataset,
    DatasetKind,
    FlowKind,
    QualifiedName,
    quoted,
)
from millpond.engine.writing.types import fits
from millpond.errors import MillpondError
from millpond.graph.declared import Node
from millpond.location import Span
from millpond.quality.expressions import expression
from millpond.spark_message import one_line, subject

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame
    from pyspark.sql.types import StructField, StructType

_GENERATED = Computation.GENERATED
_CHANGES = (FlowKind.AUTO_CDC, FlowKind.SNAPSHOT_CDC)


def check_computed(node: Node, kind: DatasetKind, declared: StructType | None) -> None:
    """See that the table can have its computed columns.

    Raises:
        MillpondError: COMPUTED_COLUMN_NOT_VALID, at the column's clause.
    """
    for column in node.dataset.computed:
        reason = None
        changed = next((flow for flow in node.flows if flow.kind in _CHANGES), None)
        if changed is not None:
            reason = f"the flow {'.'.join(changed.name)} writes all columns of its target"
        elif kind is DatasetKind.MATERIALIZED_VIEW and column.computation is not _GENERATED:
            reason = "a materialized view has none"
        elif column.computation.is_identity:
            reason = _identity_reason(node, column, declared)
        if reason is not None:
            raise _not_valid(column, node.name, reason)


def _identity_reason(node: Node, column: ComputedColumn, declared: StructType | None) -> str | None:
    name = column.name.casefold()
    types = {f.name.casefold(): f.dataType.typeName() for f in declared.fields} if declared else {}
    if types.get(name) != "long":
        return "its type is not BIGINT"
    flow = next((flow for flow in node.flows if flow.kind is FlowKind.REPLACE_USING), None)
    if flow is not None:
        return f"the flow {'.'.join(flow.name)} changes rows, and identities are for added ones"
    return None


def with_computed(
    frame: DataFrame,
    declared: StructType | None,
    computed: Sequence[ComputedColumn],
    name: QualifiedName,
) -> DataFrame:
    """A query's frame, and behind its columns the generated values and defaults it lacks.

    They are what expectations see, which may test any column of the table (reference 2.7).
    """
    fields = {field.name.casefold(): field for field in declared.fields} if declared else {}
    given = {column.casefold() for column in frame.columns}
    added = [
        _value(frame, column, fields[column.name.casefold()], name)
        for column in computed
        if column.expression is not None and column.name.casefold() not in given
    ]
    return frame.select("*", *added) if added else frame


def completed(
    frame: DataFrame, declared: StructType, computed: Sequence[ComputedColumn], name: QualifiedName
) -> DataFrame:
    """A frame of declared columns with generated values and defaults, in the declared order.

    Identity columns stay out, unless the query gives one that it may give.

    Raises:
        MillpondError: COMPUTED_COLUMN_NOT_VALID if an expression does not fit its column.
    """
    from pyspark.sql import functions as F

    by_name = {column.name.casefold(): column for column in computed}
    given = {column.casefold() for column in frame.columns}
    plain = frame.select(*(F.col(quoted(c)) for c in frame.columns if c.casefold() not in by_name))
    columns: list[Column] = []
    for field in declared.fields:
        key = field.name.casefold()
        column = by_name.get(key)
        own = F.col(quoted(field.name))
        if column is None:
            columns.append(own)
        elif column.computation is _GENERATED:
            value = _value(plain, column, field, name)
            columns.append(_checked(own, value, field) if key in given else value)
        elif key in given:
            columns.append(own)
        elif column.computation is Computation.DEFAULT:
            columns.append(_value(plain.select(), column, field, name))
    return frame.select(*columns)


def _value(
    base: DataFrame, column: ComputedColumn, field: StructField, name: QualifiedName
) -> Column:
    """The expression as a column of the declared type, over the columns of `base`."""
    from pyspark.errors import PySparkException

    try:
        value = expression(str(column.expression), base, column.at)
        [found] = base.select(value.alias(field.name)).schema.fields
    except PySparkException as error:
        at = column.at.narrowed(subject(error))
        raise _not_valid(column, name, one_line(str(error)), at) from error
    if not fits(found.dataType, field.dataType):
        kinds = f"{found.dataType.simpleString()}, the column {field.dataType.simpleString()}"
        raise _not_valid(column, name, f"the expression is {kinds}")
    return value.cast(field.dataType).alias(field.name, metadata=field.metadata)


def _checked(given: Column, value: Column, field: StructField) -> Column:
    """The value that the query gives, which has to be the one that the definition gives."""
    from pyspark.sql import functions as F

    reason = f"generated column {field.name} is given another value than its expression has"
    stop = F.raise_error(F.lit(reason)).cast(field.dataType)
    same = F.when(given.eqNullSafe(value), given).otherwise(stop)
    return same.alias(field.name, metadata=field.metadata)


def identity_notes(computed: Sequence[ComputedColumn]) -> Mapping[str, dict[str, object]]:
    """By the name of each identity column what Delta wants to know of it."""
    return {
        column.name.casefold(): {
            "delta.identity.start": column.start,
            "delta.identity.step": column.step,
            "delta.identity.allowExplicitInsert": column.computation
            is Computation.IDENTITY_BY_DEFAULT,
        }
        for column in computed
        if column.computation.is_identity
    }


def with_identities(
    columns: StructType, declared: StructType | None, dataset: Dataset
) -> StructType:
    """The columns of a query's frame, and the identity columns that its table adds."""
    from pyspark.sql.types import StructType

    if declared is None or not any(c.computation.is_identity for c in dataset.computed):
        return columns
    known = {field.name.casefold(): field for field in columns.fields}
    return StructType([known.get(field.name.casefold(), field) for field in declared.fields])


def _not_valid(
    column: ComputedColumn, name: QualifiedName, reason: str, at: Span | None = None
) -> MillpondError:
    return MillpondError(
        codes.COMPUTED_COLUMN_NOT_VALID,
        at=at or column.at,
        column=column.name,
        dataset=name,
        computation=column.computation.value,
        reason=reason,
    )
