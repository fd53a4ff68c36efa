"""Which values a column of a type takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql.types import DataType

_WIDENING = ("byte", "short", "integer", "long", "decimal", "float", "double")


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
