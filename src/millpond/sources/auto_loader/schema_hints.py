"""Schema hints: columns, and places within columns, whose type the user knows better."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pyspark.errors import PySparkException
from pyspark.sql.types import ArrayType, DataType, MapType, StructField, StructType

from millpond import codes
from millpond.errors import MillpondError

if TYPE_CHECKING:
    from millpond.location import Span

_PART = re.compile(r"\s*(?:`((?:[^`]|``)+)`|([^\s.`:,<>()]+))")


@dataclass(frozen=True, slots=True)
class Hint:
    """A column or a place within one (`address.city`, `tags.element`, `prices.value`)."""

    path: tuple[str, ...]
    type: DataType


def parse_hints(text: str, at: Span | None) -> tuple[Hint, ...]:
    """The hints of `cloudFiles.schemaHints`.

    Raises:
        MillpondError: CF_SCHEMA_NOT_VALID for what is not a list of names and types.
    """
    return tuple(_hint(part, at) for part in _split(text) if part.strip())


def parse_schema(schema: StructType | str, at: Span | None) -> StructType:
    """A schema as the user gave it.

    Raises:
        MillpondError: CF_SCHEMA_NOT_VALID for text that is not DDL.
    """
    if isinstance(schema, StructType):
        return schema
    try:
        return struct_of(schema)
    except PySparkException as error:
        raise _not_valid("the schema", error, at) from error


def struct_of(ddl: str) -> StructType:
    """The columns of a DDL text.

    Raises:
        PySparkException: for what is not DDL.
    """
    return cast("StructType", StructType.fromDDL(ddl))


def apply_hints(schema: StructType, hints: tuple[Hint, ...]) -> StructType:
    """The schema with the hinted types; columns it has not are added at the end."""
    for hint in hints:
        changed = _replace(schema, hint.path, hint.type)
        assert isinstance(changed, StructType)  # the path has at least one part
        schema = changed
    return schema


def _hint(text: str, at: Span | None) -> Hint:
    path: list[str] = []
    position = 0
    while (match := _PART.match(text, position)) is not None:
        quoted, bare = match.groups()
        path.append(quoted.replace("``", "`") if quoted is not None else bare)
        position = match.end()
        if text[position : position + 1] != ".":
            break
        position += 1
    type_text = text[position:].lstrip(" \t\r\n:")
    if not path or not type_text:
        reason = f"{text.strip()!r} is not a name and a type"
        raise MillpondError(codes.CF_SCHEMA_NOT_VALID, at=at, what="schemaHints", reason=reason)
    try:
        (field,) = struct_of(f"hint {type_text}").fields
    except (PySparkException, ValueError) as error:
        raise _not_valid(f"the schema hint {text.strip()!r}", error, at) from error
    return Hint(tuple(path), field.dataType)


def _split(text: str) -> list[str]:
    """At the commas outside brackets and quotes."""
    parts, depth, quote = [""], 0, ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "`'\"":
            quote = character
        depth += (not quote) * ((character in "<(") - (character in ">)"))
        if character == "," and depth == 0 and not quote:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _replace(inside: DataType, path: tuple[str, ...], new: DataType) -> DataType:
    if not path:
        return new
    first, rest = path[0], path[1:]
    if isinstance(inside, ArrayType) and first.casefold() == "element":
        return ArrayType(_replace(inside.elementType, rest, new), inside.containsNull)
    if isinstance(inside, MapType) and first.casefold() in ("key", "value"):
        key, value = inside.keyType, inside.valueType
        if first.casefold() == "key":
            return MapType(_replace(key, rest, new), value)
        return MapType(key, _replace(value, rest, new))
    fields = list(inside.fields) if isinstance(inside, StructType) else []
    for index, field in enumerate(fields):
        if field.name.casefold() == first.casefold():
            fields[index] = StructField(field.name, _replace(field.dataType, rest, new))
            return StructType(fields)
    return StructType([*fields, StructField(first, _replace(StructType([]), rest, new))])


def _not_valid(what: str, error: Exception, at: Span | None) -> MillpondError:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reason = lines[0] if lines else type(error).__name__
    return MillpondError(codes.CF_SCHEMA_NOT_VALID, at=at, what=what, reason=reason)
