"""Which columns a Delta table can hold, told before any row is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import Flow, QualifiedName, SqlQuery
from millpond.errors import MillpondError
from millpond.location import Span

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
    from pyspark.sql.types import DataType, StructType

_RESERVED = " ,;{}()\n\t="
_MAPPING = "columnmapping.mode"
_MAPPED_BY_DEFAULT = "spark.databricks.delta.properties.defaults.columnMapping.mode"
_NAMES = (
    "Give the column another name (AS), or the table the property"
    " 'delta.columnMapping.mode' = 'name'."
)
_TYPES = {
    "interval": "Store its parts as numbers, or the two points in time.",
    "time(": "Store it as a string, or with its day as a timestamp.",
    "geometry": "Store it as WKB: st_asbinary(column).",
    "geography": "Store it as WKB: st_asbinary(column).",
    "string collate": "Delta here stores no collation: column COLLATE UTF8_BINARY.",
}
"""How the types begin that Delta 4.4 does not store, and what to do instead."""


def check_storable(
    session: SparkSession,
    columns: StructType,
    properties: Mapping[str, str],
    flow: Flow,
    dataset: QualifiedName,
) -> None:
    """Compare a query's columns with what Delta stores.

    Raises:
        MillpondError: COLUMN_NOT_STORED, where the query names the column if that is one place.
    """
    settings = (*properties, *flow.spark_conf)
    mapped = any(_MAPPING in key.casefold() for key in settings)
    mapped = mapped or bool(session.conf.get(_MAPPED_BY_DEFAULT, None))
    for column, reason, hint in _problems(columns, mapped=mapped):
        raise MillpondError(
            codes.COLUMN_NOT_STORED,
            at=_place(flow, column),
            hint=hint,
            column=repr(column),
            dataset=dataset,
            reason=reason,
        )


def _problems(columns: StructType, *, mapped: bool) -> Iterator[tuple[str, str, str]]:
    """Column, reason and what to do."""
    seen: set[str] = set()
    for field in columns.fields:
        if field.name.casefold() in seen:
            reason = "the query has another column of that name"
            yield field.name, reason, "Give one of the two another name (AS), or leave it out."
        seen.add(field.name.casefold())
        for name, type_ in _nested(field.name, field.dataType):
            reserved = sorted(set(name) & set(_RESERVED))
            if reserved and not mapped:
                yield name, f"Delta takes no {_shown(reserved)} in a name", _NAMES
            found = type_.simpleString().casefold()
            hint = next((h for start, h in _TYPES.items() if found.startswith(start)), None)
            if hint is not None:
                yield name, f"it is {type_.simpleString()}, which Delta does not store", hint


def _nested(name: str, type_: DataType) -> Iterator[tuple[str, DataType]]:
    """A column and the fields within it, each by its own name."""
    from pyspark.sql.types import ArrayType, MapType, StructType

    yield name, type_
    if isinstance(type_, StructType):
        for field in type_.fields:
            yield from _nested(field.name, field.dataType)
    elif isinstance(type_, ArrayType):
        yield from _nested(name, type_.elementType)
    elif isinstance(type_, MapType):
        yield from _nested(name, type_.keyType)
        yield from _nested(name, type_.valueType)


def _shown(characters: list[str]) -> str:
    return " or ".join("space" if each == " " else repr(each) for each in characters)


def _place(flow: Flow, column: str) -> Span:
    """The name in the query's text, or else the flow."""
    if not isinstance(flow.query, SqlQuery) or not column.strip():
        return flow.at
    found = flow.query.at.narrowed(column)
    return flow.at if found == flow.query.at else found
