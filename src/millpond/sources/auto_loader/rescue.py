"""Find what of a JSON record is not in its columns, as Auto Loader's rescued data.

Everything here is evaluated only for records that need it. It must be exact first; but a feed can
consist of such records, so nothing is parsed once for each field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, MapType, StructType

CORRUPT_KEY = "_corrupt_record"

_TEXTS, _VALUES, _ELEMENTS = "map<string,string>", "map<string,variant>", "array<string>"


def _from_json(text: Column, type_: str, options: Mapping[str, str]) -> Column:
    # Spark Connect does not take an empty map of options.
    return F.from_json(text, type_, dict(options) or None)


def is_malformed(record: Column, options: Mapping[str, str]) -> Column:
    """Whether a record is no JSON object at all."""
    return _from_json(record, _TEXTS, options).isNull()


def leftovers(
    record: Column,
    schema: StructType,
    column: Callable[[str], Column],
    options: Mapping[str, str],
) -> Column:
    """The members of a record that are not in its columns, as in JSON; NULL if all are.

    A member fits if a column has its very name, and a value; a struct, if its members fit.

    Args:
        record: the text of a JSON object.
        column: the column of a field of `schema`.
    """
    return _members(record, schema, column, dict(options))


def corrupt(record: Column) -> Column:
    """The member that stands for a record of which no member can be told."""
    return F.concat(F.lit(f'"{CORRUPT_KEY}":'), _quoted(record))


def rescued(members: Column, file_path: Column) -> Column:
    """The rescued data of a record: the JSON object of these members and the path of its file."""
    return F.concat(F.lit("{"), members, F.lit(',"_file_path":'), _quoted(file_path), F.lit("}"))


def with_keys_of(record: Column, names: list[str], options: Mapping[str, str]) -> Column:
    """The record with keys spelt as one of `names` is; NULL if it is no JSON object.

    A key stays as it is if the record has that name as well, or has it in a third spelling.
    """
    entries = _entries(record, dict(options))
    ours = F.create_map(*[F.lit(text) for name in names for text in (name.lower(), name)])

    def renamed(entries: Column) -> Column:
        keys = F.transform(entries, lambda entry: entry.getField("key"))
        folded = F.transform(keys, F.lower)

        def piece(entry: Column, index: Column) -> Column:
            key = entry.getField("key")
            name = F.try_element_at(ours, F.lower(key))
            is_first = F.array_position(folded, F.lower(key)) == index + 1
            new = F.when(is_first & ~F.array_contains(keys, name), name)
            return F.concat(_quoted(F.coalesce(new, key)), F.lit(":"), _json(entry))

        return F.concat(F.lit("{"), F.array_join(F.transform(entries, piece), ","), F.lit("}"))

    return _let(entries, renamed)


def _members(
    record: Column,
    schema: StructType,
    column: Callable[[str], Column],
    options: dict[str, str],
) -> Column:
    known = _names([F.lit(field.name) for field in schema.fields])
    empty = _names([F.when(column(f.name).isNull(), F.lit(f.name)) for f in schema.fields])
    nested = [field for field in schema.fields if isinstance(field.dataType, _WITH_PARTS)]
    with_parts = _names([F.lit(field.name) for field in nested])

    def is_lost(entry: Column, empty: Column) -> Column:
        key, has_value = entry.getField("key"), entry.getField("text").isNotNull()
        return ~F.array_contains(known, key) | (has_value & F.array_contains(empty, key))

    def left(entry: Column, empty: Column) -> Column:
        key, found = entry.getField("key"), _json(entry)
        for field in nested:
            inside = _inside(entry, field.dataType, column(field.name), options)
            partly = (key == field.name) & ~is_lost(entry, empty)
            found = F.when(partly, inside).otherwise(found)
        return F.concat(_quoted(key), F.lit(":"), found)

    def members(empty: Column) -> Column:
        def is_wanted(entry: Column) -> Column:
            in_parts = F.array_contains(with_parts, entry.getField("key"))
            return is_lost(entry, empty) | in_parts if nested else is_lost(entry, empty)

        wanted = F.filter(_entries(record, options), is_wanted)
        return F.transform(wanted, lambda entry: left(entry, empty))

    joined = F.array_join(_let(empty, members), ",")
    return F.nullif(joined, F.lit(""))


_WITH_PARTS = (StructType, ArrayType, MapType)


def _inside(entry: Column, type_: DataType, parsed: Column, options: dict[str, str]) -> Column:
    """The JSON of what of a value with parts is not in its column; NULL if all is."""
    text = entry.getField("text")
    if isinstance(type_, StructType):
        members = _members(text, type_, parsed.getField, options)
        return F.concat(F.lit("{"), members, F.lit("}"))
    return F.when(_partly(text, type_, parsed, options), _json(entry))


def _partly(text: Column, type_: DataType, parsed: Column, options: dict[str, str]) -> Column:
    """Whether an array or map has elements that are not, or not wholly, in the column."""
    if isinstance(type_, MapType):
        inner = type_.valueType
        texts = F.map_values(_from_json(text, _TEXTS, options))
        elements = F.map_values(parsed)
    elif isinstance(type_, ArrayType):
        inner = type_.elementType
        texts, elements = _from_json(text, _ELEMENTS, options), parsed
    else:
        return F.lit(False)

    def missing(text: Column, element: Column) -> Column:
        lost = text.isNotNull() & element.isNull()
        if isinstance(inner, StructType):
            members = _members(text, inner, element.getField, options)
            return lost | (element.isNotNull() & members.isNotNull())
        return lost | (element.isNotNull() & _partly(text, inner, element, options))

    # Of arrays that differ in length, the missing elements of one are NULL here.
    each = F.zip_with(texts, elements, missing)
    return F.coalesce(F.exists(each, lambda lost: lost), F.lit(True))


def _entries(record: Column, options: dict[str, str]) -> Column:
    """The members of a JSON object: `key`, `text` (NULL for null) and `value`, a variant."""
    texts, values = _from_json(record, _TEXTS, options), _from_json(record, _VALUES, options)

    def entry(member: Column, value: Column) -> Column:
        key, text = member.getField("key"), member.getField("value")
        return F.struct(key.alias("key"), text.alias("text"), value.alias("value"))

    # Where a key is repeated further down there are no variants; then each of these is NULL.
    variants = F.coalesce(F.map_values(values), F.array())
    return F.zip_with(F.map_entries(texts), variants, entry)


def _json(entry: Column) -> Column:
    """The JSON text of a member's value; the variant shows of which kind its text is."""
    text, value = entry.getField("text"), entry.getField("value")
    is_text = F.schema_of_variant(value) == "STRING"
    # Where the kind cannot be told, objects and arrays still show it.
    looks_like_text = value.isNull() & ~text.rlike(r"^[\[{]")
    null = F.when(text.isNull(), F.lit("null"))
    return null.when(is_text | looks_like_text, _quoted(text)).otherwise(text)


def _quoted(text: Column) -> Column:
    """A JSON string literal."""
    return F.btrim(F.to_json(F.array(text)), F.lit("[]"))


def _names(names: list[Column]) -> Column:
    return F.array_compact(F.array(*names).cast("array<string>"))


def _let(value: Column, use: Callable[[Column], Column]) -> Column:
    """`use` of a value that is computed once, however often it is used."""
    return F.get(F.transform(F.array(value), use), 0)
