"""Put schemas together: of files observed one after another, and of one update and the next."""

from __future__ import annotations

from pyspark.sql.types import (
    ArrayType,
    DataType,
    MapType,
    NullType,
    StringType,
    StructField,
    StructType,
)


def merge_schemas(first: StructType, second: StructType) -> StructType:
    """All fields of both, names compared exactly; types that do not agree become STRING."""
    fields = {field.name: field.dataType for field in first.fields}
    for field in second.fields:
        known = fields.get(field.name)
        fields[field.name] = field.dataType if known is None else _common(known, field.dataType)
    return StructType([StructField(name, type_) for name, type_ in sorted(fields.items())])


def _common(first: DataType, second: DataType) -> DataType:
    if first == second or isinstance(second, NullType):
        return first
    if isinstance(first, NullType):
        return second
    if isinstance(first, StructType) and isinstance(second, StructType):
        return merge_schemas(first, second)
    if isinstance(first, ArrayType) and isinstance(second, ArrayType):
        return ArrayType(_common(first.elementType, second.elementType))
    for wider in ("double", "bigint"):
        names = {first.simpleString(), second.simpleString()}
        if wider in names and names <= {"double", "bigint", "int"}:
            return first if first.simpleString() == wider else second
    return StringType()


def add_fields(known: StructType, new: StructType) -> StructType:
    """The known fields with their types, then the new ones; names compared without case."""
    fields = list(known.fields)
    places = {field.name.casefold(): index for index, field in enumerate(fields)}
    for field in new.fields:
        index = places.get(field.name.casefold())
        if index is None:
            places[field.name.casefold()] = len(fields)
            fields.append(field)
        else:
            merged = _grown(fields[index].dataType, field.dataType)
            fields[index] = StructField(fields[index].name, merged)
    return StructType(fields)


def _grown(known: DataType, new: DataType) -> DataType:
    """Existing types stay; only a struct gains fields."""
    if isinstance(known, StructType) and isinstance(new, StructType):
        return add_fields(known, new)
    if isinstance(known, ArrayType) and isinstance(new, ArrayType):
        return ArrayType(_grown(known.elementType, new.elementType), known.containsNull)
    return known


def as_text(schema: StructType) -> StructType:
    """The top-level columns as STRING, each name once whatever its case."""
    text = StructType([StructField(field.name, StringType()) for field in schema.fields])
    return add_fields(StructType([]), text)


def tidy(type_: DataType) -> DataType:
    """A type without fields that differ only in case, without empty structs and NULL types."""
    if isinstance(type_, StructType):
        named = [StructField(field.name, tidy(field.dataType)) for field in type_.fields]
        return add_fields(StructType([]), StructType(named)) if named else StringType()
    if isinstance(type_, ArrayType):
        return ArrayType(tidy(type_.elementType))
    return StringType() if isinstance(type_, NullType) else type_


def covers(schema: DataType, seen: DataType) -> bool:
    """Whether no field is in `seen`, at any level, that `schema` does not have as spelt."""
    if isinstance(schema, StructType):
        if not isinstance(seen, StructType):
            return False
        fields = {field.name: field.dataType for field in schema.fields}
        return all(
            field.name in fields and covers(fields[field.name], field.dataType)
            for field in seen.fields
        )
    if isinstance(schema, ArrayType):
        inner = schema.elementType
        return not has_fields(inner) or (
            isinstance(seen, ArrayType) and covers(inner, seen.elementType)
        )
    if isinstance(schema, MapType):
        return not has_fields(schema.valueType)
    return True


def has_fields(type_: DataType) -> bool:
    """Whether values of a type can hold fields that the type does not name."""
    if isinstance(type_, ArrayType):
        return has_fields(type_.elementType)
    if isinstance(type_, MapType):
        return has_fields(type_.valueType)
    return isinstance(type_, StructType)
