"""Declared schemas: what the user wrote as columns, and fitting a query's frame to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from millpond import codes
from millpond.definitions import Computation, ComputedColumn, Dataset, QualifiedName, quoted
from millpond.engine.evaluation.relations import evaluating
from millpond.engine.resolved import ResolvedDataset
from millpond.engine.writing.computed_columns import completed
from millpond.engine.writing.types import fits
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.spark_message import one_line

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql.types import StructField, StructType

_DELTA_NOTES = ("delta.", "CURRENT_DEFAULT", "EXISTS_DEFAULT")
"""What of a StructType's metadata is told by `Dataset.computed` instead."""


_BOUND = "__CHAR_VARCHAR_TYPE_STRING"
"""Spark's note on a string column that it knows to be a VARCHAR(n) or CHAR(n)."""


def columns_digest(dataset: ResolvedDataset) -> str:
    """Stands for the columns of a dataset's query: while it stays, nothing need be compared."""
    return hashlib.sha256(dataset.schema.json().encode()).hexdigest()


def declared_schema(
    session: SparkSession, dataset: Dataset, name: QualifiedName
) -> StructType | None:
    """The schema a dataset declares, or None if its query's columns are its columns.

    Raises:
        MillpondError: SCHEMA_MISMATCH if the declaration is no schema Spark understands.
    """
    from pyspark.errors import PySparkException
    from pyspark.sql.types import StructType

    if dataset.schema is None:
        return None
    if isinstance(dataset.schema, StructType):
        return StructType([_stored(_without_notes(field)) for field in dataset.schema.fields])
    try:
        with evaluating(None):
            parsed = cast("StructType", StructType.fromDDL(str(dataset.schema)))
        return StructType([_stored(field) for field in parsed.fields])
    except PySparkException as error:
        reason = one_line(str(error))
        raise MillpondError(
            codes.SCHEMA_MISMATCH, at=dataset.at, dataset=name, reason=reason
        ) from error


def _without_notes(field: StructField) -> StructField:
    from pyspark.sql.types import StructField

    kept = {k: v for k, v in (field.metadata or {}).items() if not k.startswith(_DELTA_NOTES)}
    return StructField(field.name, field.dataType, field.nullable, kept)


def _stored(field: StructField) -> StructField:
    """A VARCHAR(n) or CHAR(n) column as what it is in a frame: a string that Delta bounds."""
    from pyspark.sql.types import CharType, StringType, StructField, VarcharType

    if not isinstance(field.dataType, CharType | VarcharType):
        return field
    notes = {**(field.metadata or {}), _BOUND: field.dataType.simpleString()}
    return StructField(field.name, StringType(), field.nullable, notes)


def conform(
    frame: DataFrame,
    declared: StructType | None,
    name: QualifiedName,
    at: Span,
    computed: Sequence[ComputedColumn] = (),
) -> DataFrame:
    """The frame with exactly the declared columns, in their order and with their types.

    Types may widen (int to bigint, float to double, date to timestamp), not narrow; a NOT NULL
    column stops the query at a NULL, as the table's constraint does on Databricks. Generated
    columns and defaults are added; identity columns stay out, as only the table can give them.

    Raises:
        MillpondError: SCHEMA_MISMATCH naming the columns that do not fit;
            COMPUTED_COLUMN_NOT_VALID.
    """
    if declared is None:
        return frame
    actual = {field.name.casefold(): field for field in frame.schema.fields}
    problems = _problems(actual, declared, {c.name.casefold(): c.computation for c in computed})
    if problems:
        raise MillpondError(codes.SCHEMA_MISMATCH, at=at, dataset=name, reason="; ".join(problems))
    given = [field for field in declared.fields if field.name.casefold() in actual]
    fitted = frame.select(*(_column(field, actual[field.name.casefold()]) for field in given))
    return completed(fitted, declared, computed, name) if computed else fitted


def _problems(
    actual: Mapping[str, StructField],
    declared: StructType,
    computed: Mapping[str, Computation],
) -> list[str]:
    """What of a query's columns does not fit the declared ones, in words."""
    wanted = {field.name.casefold() for field in declared.fields}
    missing = wanted - actual.keys() - computed.keys()
    problems = [f"column {f.name} is missing" for f in declared if f.name.casefold() in missing]
    problems += [f"column {f.name} is not declared" for k, f in actual.items() if k not in wanted]
    for field in declared.fields:
        found = actual.get(field.name.casefold())
        if found is not None and not fits(found.dataType, field.dataType):
            problems.append(
                f"column {field.name} is {found.dataType.simpleString()}, declared as"
                f" {field.dataType.simpleString()}"
            )
        elif found is not None and computed.get(field.name.casefold()) is Computation.IDENTITY:
            kind = Computation.IDENTITY.value
            problems.append(f"column {field.name} is {kind}, and the query gives it")
    return problems


def widened(frame: DataFrame, types: Mapping[str, str]) -> DataFrame:
    """The frame with wider types for some of its columns, those of the table that takes it.

    Delta would convert them as well, but plans the batch anew for it, and what the old plan
    counts is lost.
    """
    from pyspark.sql import functions as F

    folded = {name.casefold(): type_ for name, type_ in types.items()}
    given = {field.name: folded.get(field.name.casefold()) for field in frame.schema.fields}
    casts = {n: F.col(quoted(n)).cast(t) for n, t in given.items() if t is not None}
    return frame.withColumns(casts) if casts else frame


def commented(frame: DataFrame, comments: Mapping[str, str]) -> DataFrame:
    """The frame with comments on its columns, which a table made from it takes over."""
    for name, comment in comments.items():
        frame = frame.withMetadata(name, {"comment": comment})
    return frame


def _column(declared: StructField, actual: StructField) -> Column:
    from pyspark.sql import functions as F

    column = F.col(quoted(actual.name))
    if not declared.nullable:
        stop = F.raise_error(F.lit(f"NOT NULL constraint violated for column: {declared.name}"))
        column = F.when(column.isNull(), stop.cast(actual.dataType)).otherwise(column)
    if declared.dataType != actual.dataType:
        column = column.cast(declared.dataType)
    return column.alias(declared.name, metadata=declared.metadata)


def merged(first: StructType, second: StructType) -> tuple[StructType, list[str]]:
    """The columns of both, those of `first` in front, and the names whose types disagree."""
    from pyspark.sql.types import StructType

    known = {field.name.casefold(): field for field in first.fields}
    clashes = [
        field.name
        for field in second.fields
        if field.name.casefold() in known
        and known[field.name.casefold()].dataType.simpleString() != field.dataType.simpleString()
    ]
    added = [field for field in second.fields if field.name.casefold() not in known]
    return StructType([*first.fields, *added]), clashes
