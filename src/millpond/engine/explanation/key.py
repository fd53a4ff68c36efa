"""The rows that are asked for: columns and values as typed on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from millpond import codes
from millpond.errors import MillpondError
from millpond.graph.suggestion import suggestion

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def key_frame(table: DataFrame, key: Mapping[str, str], name: str) -> DataFrame:
    """One row: the columns of a table that are named, with their values in the columns' types.

    Raises:
        MillpondError: HISTORY_UNKNOWN_COLUMN, HISTORY_VALUE_NOT_VALID.
    """
    from pyspark.sql import functions as F

    fields = {field.name.casefold(): field for field in table.schema.fields}
    columns = []
    for column in key:
        if column.casefold() not in fields:
            known = [field.name for field in table.schema.fields]
            raise MillpondError(
                codes.HISTORY_UNKNOWN_COLUMN,
                table=name,
                column=column,
                suggestion=suggestion(column, known),
                known=", ".join(known),
            )
        field = fields[column.casefold()]
        columns.append(F.lit(key[column]).try_cast(field.dataType).alias(field.name))
    rows = table.sparkSession.range(1).select(*columns)
    (values,) = rows.collect()
    for (column, text), value in zip(key.items(), values, strict=True):
        if value is None:
            kind = fields[column.casefold()].dataType.simpleString()
            raise MillpondError(codes.HISTORY_VALUE_NOT_VALID, column=column, value=text, type=kind)
    return rows
