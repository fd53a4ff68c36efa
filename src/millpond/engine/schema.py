"""Declared schemas: what the user wrote as columns, and fitting a query's frame to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import Dataset, QualifiedName
from millpond.engine.relations import evaluating
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.spark_message import one_line

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql.types import DataType, StructField, StructType

_WIDENING = ("byte", "short", "integer", "long", "decimal", "float", "double")


def declared_schema(
    session: SparkSession, dataset: Dataset, name: QualifiedName
) -> StructType | None:
    """The schema a dataset declares, or None if its query's columns are its columns.

    Raises:
        MillpondError: SCHEMA_MISMATCH if the declaration is no schema Spark understands.
    """
    from pyspark.errors import PySparkException
    from pyspark.sql.types import StructType

    if dataset.schema is None or isinstance(dataset.schema, StructType):
        return dataset.schema
    try:
        with evaluating(None):
            return session.createDataFrame([], str(dataset.schema)).schema
    except PySparkException as error:
        reason = one_line(str(error))
        raise MillpondError(
            codes.SCHEMA_MISMATCH, at=dataset.at, dataset=name, reason=reason
        ) from error


def conform(
    frame: DataFrame, declared: StructType | None, name: QualifiedName, at: Span
) -> DataFrame:
    """The frame with exactly the declared columns, in their order and with their types.

    Types may widen (int to bigint, float to double, date to timestamp), not narrow; a NOT NULL
    column stops the query at a NULL, as the table's constraint does on Databricks.

    Raises:
        MillpondError: SCHEMA_MISMATCH naming the columns that do not fit.
    """
    if declared is None:
        return frame
    actual = {field.name.casefold(): field for field in frame.schema.fields}
    wanted = {field.name.casefold() for field in declared.fields}
    problems = [f"column {f.name} is missing" for f in declared if f.name.casefold() not in actual]
    problems += [f"column {f.name} is not declared" for k, f in actual.items() if k not in wanted]
    for field in declared.fields:
        found = actual.get(field.name.casefold())
        if found is not None and not fits(found.dataType, field.dataType):
            problems.append(
                f"column {field.name} is {found.dataType.simpleString()}, declared as"
                f" {field.dataType.simpleString()}"
            )
    if problems:
        raise MillpondError(codes.SCHEMA_MISMATCH, at=at, dataset=name, reason="; ".join(problems))
    return frame.select(*(_column(field, actual[field.name.casefold()]) for field in declared))


def commented(frame: DataFrame, comments: Mapping[str, str]) -> DataFrame:
    """The frame with comments on its columns, which a table made from it takes over."""
    for name, comment in comments.items():
        frame = frame.withMetadata(name, {"comment": comment})
    return frame


def _column(declared: StructField, actual: StructField) -> Column:
    from pyspark.sql import functions as F

    column = F.col(f"`{actual.name.replace('`', '``')}`")
    if not declared.nullable:
        stop = F.raise_error(F.lit(f"NOT NULL constraint violated for column: {declared.name}"))
        column = F.when(column.isNull(), stop.cast(actual.dataType)).otherwise(column)
    if declared.dataType != actual.dataType:
        column = column.cast(declared.dataType)
    return column.alias(declared.name, metadata=declared.metadata)


def fits(actual: DataType, declared: DataType) -> bool:
    """Whether a column of the declared type takes every value of the actual one."""
    from pyspark.sql.types import ArrayType, MapType, StructType

    pair = (actual.typeName(), declared.typeName())
    if isinstance(actual, (StructType, ArrayType, MapType)):
        return actual.simpleString().casefold() == declared.simpleString().casefold()
    if pair[0] == pair[1] == "decimal":
        return actual.simpleString() == declared.simpleString() or _decimal_fits(actual, declared)
    if pair[0] in _WIDENING and pair[1] in _WIDENING:
        return _WIDENING.index(pair[0]) <= _WIDENING.index(pair[1])
    plain = (pair[0].split("(")[0], pair[1].split("(")[0])
    return plain[0] in (plain[1], "void") or pair == ("date", "timestamp")


def _decimal_fits(actual: DataType, declared: DataType) -> bool:
    from pyspark.sql.types import DecimalType

    if not isinstance(actual, DecimalType) or not isinstance(declared, DecimalType):
        return False
    whole = declared.precision - declared.scale >= actual.precision - actual.scale
    return whole and declared.scale >= actual.scale


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
