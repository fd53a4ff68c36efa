"""Values made comparable: Spark compares everything but maps and variants."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import Column
    from pyspark.sql.types import DataType


def is_orderable(kind: DataType) -> bool:
    """Whether values of a type have an order, and so may be keys or sequences."""
    from pyspark.sql.types import ArrayType, CalendarIntervalType, MapType, StructType, VariantType

    if isinstance(kind, StructType):
        return all(is_orderable(field.dataType) for field in kind.fields)
    if isinstance(kind, ArrayType):
        return is_orderable(kind.elementType)
    return not isinstance(kind, (MapType, VariantType, CalendarIntervalType))


def comparable(value: Column, kind: DataType) -> Column:
    """A value that is equal to another one's exactly if the two are, maps in any order."""
    from pyspark.sql import functions as F
    from pyspark.sql.types import ArrayType, MapType, StructType

    if is_orderable(kind):
        return value
    if isinstance(kind, MapType):
        key, item = kind.keyType, kind.valueType
        entries = F.transform(
            F.map_entries(value),
            lambda entry: F.struct(
                comparable(entry["key"], key).alias("key"),
                comparable(entry["value"], item).alias("value"),
            ),
        )
        return F.array_sort(entries)
    if isinstance(kind, ArrayType):
        element = kind.elementType
        return F.transform(value, lambda each: comparable(each, element))
    if isinstance(kind, StructType):
        fields = [
            comparable(value[field.name], field.dataType).alias(field.name) for field in kind.fields
        ]
        return F.when(value.isNotNull(), F.struct(*fields))
    return F.to_json(F.struct(value.alias("value")))
