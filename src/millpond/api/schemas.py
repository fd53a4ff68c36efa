"""The argument `schema`: a DDL string or a StructType, with computed columns (reference 1.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from millpond.api import arguments
from millpond.definitions import Computation, ComputedColumn
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.columns import read_schema

_GENERATED, _DEFAULT = "delta.generationExpression", "CURRENT_DEFAULT"
_IDENTITY = "delta.identity."


def schema_of(feature: str, schema: Any, at: Span) -> tuple[object, tuple[ComputedColumn, ...]]:
    """The schema as Spark reads it, and the columns of it that a query need not give.

    An empty string declares nothing.

    Raises:
        MillpondError: INVALID_ARGUMENT, PARSE_SYNTAX_ERROR and those of the columns' options,
            at their place in the string if it can be found in the file.
    """
    if schema is None or (isinstance(schema, str) and not schema.strip()):
        return None, ()
    if type(schema).__name__ == "StructType":
        return schema, tuple(_of_metadata(schema, at.narrowed("schema")))
    if not isinstance(schema, str):
        raise arguments.wrong_argument(feature, "schema", "a DDL string or a StructType", schema)
    if schema.strip().casefold().startswith("struct<"):
        return schema, ()
    start = at.start_of(schema)
    try:
        columns = read_schema(schema, start or at)
    except MillpondError as error:
        if start is None:
            error.at = at.narrowed("schema")
        raise
    return columns.ddl, tuple(columns.computed)


def _of_metadata(schema: Any, at: Span) -> Iterator[ComputedColumn]:
    """Delta's own notes in a StructType's metadata, as a table's schema has them."""
    for field in schema.fields:
        notes = field.metadata or {}
        if _GENERATED in notes:
            kind = Computation.GENERATED
            yield ComputedColumn(field.name, kind, at, str(notes[_GENERATED]))
        elif _DEFAULT in notes:
            yield ComputedColumn(field.name, Computation.DEFAULT, at, str(notes[_DEFAULT]))
        elif f"{_IDENTITY}start" in notes:
            explicit = bool(notes.get(f"{_IDENTITY}allowExplicitInsert", False))
            kind = Computation.IDENTITY_BY_DEFAULT if explicit else Computation.IDENTITY
            start, step = int(notes[f"{_IDENTITY}start"]), int(notes.get(f"{_IDENTITY}step", 1))
            yield ComputedColumn(field.name, kind, at, None, start, step)
