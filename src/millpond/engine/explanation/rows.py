"""Rows that agree with other rows in some columns, with what a query's conditions say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from millpond.definitions import Expectation, quoted
from millpond.engine.classic.image import Condition, Image
from millpond.engine.explanation.outcome import FoundInput, FoundRow, Judgement
from millpond.engine.plain import plain

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, Row
    from pyspark.sql.types import DataType

Rules = Mapping[str, tuple[str, Expectation]]
"""Expectations by `condition_key`, each with the name of its dataset."""


def shared_columns(image: Image, rows: DataFrame) -> tuple[str, ...]:
    """The columns of rows that an image has too, and that can be compared."""
    known = {name.casefold() for name in image.outputs}
    return tuple(
        field.name
        for field in rows.schema.fields
        if field.name.casefold() in known and _is_comparable(field.dataType)
    )


def agreeing(image: Image, rows: DataFrame, columns: Sequence[str]) -> DataFrame:
    """The rows of an image that agree with one of `rows` in these columns; NULL equals NULL."""
    from pyspark.sql import functions as F

    assert image.frame is not None, "only images that can be read are matched"
    wanted, equal = _compared(image, rows, columns)
    return image.frame.join(F.broadcast(wanted), reduce(lambda a, b: a & b, equal), "leftsemi")


def nearest(
    image: Image, rows: DataFrame, columns: Sequence[str], limit: int
) -> tuple[list[Row], tuple[str, ...]]:
    """The rows of an image that agree with one of `rows` in all but a few of these columns.

    Returns the rows, and the columns in which they do not agree: a fifth of all at most.
    """
    from pyspark.sql import functions as F

    assert image.frame is not None, "only images that can be read are matched"
    wanted, equal = _compared(image, rows, columns)
    agrees = {f"e{number}": each for number, each in enumerate(equal)}
    number = reduce(lambda a, b: a + b, (F.col(name).cast("int") for name in agrees))
    paired = image.frame.crossJoin(F.broadcast(wanted)).withColumns(agrees)
    best = paired.withColumn("agreeing", number).orderBy(F.col("agreeing").desc())
    found = best.limit(limit).collect()
    if not found or found[0]["agreeing"] < len(columns) - len(columns) // 5:
        return [], ()
    other = tuple(name for name, key in zip(columns, agrees, strict=True) if not found[0][key])
    return [row for row in found if row["agreeing"] == found[0]["agreeing"]], other


def _compared(
    image: Image, rows: DataFrame, columns: Sequence[str]
) -> tuple[DataFrame, list[Column]]:
    """Some columns of rows by numbers, and for each whether an image's row has its value."""
    from pyspark.sql import functions as F

    outputs = {name.casefold(): column for name, column in image.outputs.items()}
    wanted = rows.select(
        *(F.col(quoted(column)).alias(f"w{number}") for number, column in enumerate(columns))
    ).distinct()
    types = {field.name: field.dataType for field in rows.schema.fields}
    equal = [
        F.col(outputs[column.casefold()]).try_cast(types[column]).eqNullSafe(F.col(f"w{number}"))
        for number, column in enumerate(columns)
    ]
    return wanted, equal


def as_rows(image: Image, found: Sequence[Row], rules: Rules) -> tuple[FoundRow, ...]:
    """Rows of an image as they are shown."""
    return tuple(
        FoundRow(
            {name: plain(row[column]) for name, column in image.columns.items()},
            str(row[image.file]) if image.file is not None else None,
            None,
            tuple(_judgement(each, row, rules) for each in image.conditions),
        )
        for row in found
    )


def kept_frame(image: Image, found: Sequence[Row]) -> DataFrame:
    """Rows of an image as a frame with the input's own columns."""
    from pyspark.sql.types import StructField, StructType

    assert image.frame is not None, "it was read"
    types = {field.name: field.dataType for field in image.frame.schema.fields}
    schema = StructType([StructField(name, types[at]) for name, at in image.columns.items()])
    data = [tuple(row[at] for at in image.columns.values()) for row in found]
    return image.frame.sparkSession.createDataFrame(data, schema, verifySchema=False)


def with_offsets(found: FoundInput, image: Image, rows: DataFrame) -> FoundInput:
    """Where records stand, from the columns that were made of their place."""
    names = {column: name for name, column in image.renamed.items()}
    place = [each for each in ("topic", "partition", "offset") if each in names]
    if "offset" not in place:
        return replace(found, note="the table keeps no offset, so the record cannot be told")
    taken = rows.select(*(names[each] for each in place)).collect()
    shown = tuple(FoundRow(dict(zip(place, row, strict=True))) for row in taken)
    return replace(found, by=tuple(names[each] for each in place), found=len(shown), rows=shown)


def _judgement(condition: Condition, row: Row, rules: Rules) -> Judgement:
    saw = {name: plain(row[column]) for name, column in condition.operands.items()}
    holds = row[condition.holds] is True
    if condition.key not in rules:
        return Judgement(condition.text, holds, saw)
    dataset, rule = rules[condition.key]
    text = rule.condition if isinstance(rule.condition, str) else condition.text
    return Judgement(text, holds, saw, rule.name, dataset, rule.action.value, rule.at)


def _is_comparable(kind: DataType) -> bool:
    from pyspark.sql.types import ArrayType, MapType, StructType, VariantType

    if isinstance(kind, StructType):
        return all(_is_comparable(field.dataType) for field in kind.fields)
    if isinstance(kind, ArrayType):
        return _is_comparable(kind.elementType)
    return not isinstance(kind, (MapType, VariantType))
