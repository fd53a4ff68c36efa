"""Partial updates: the units that an event may write or leave alone (reference 4.2).

A unit is a leaf field of a column, arrays and maps whole; or a whole column of which no leaf may
be left alone. Keys are no units. Each unit's value is that of the newest event that wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

from millpond.cdc.names import column

if TYPE_CHECKING:
    from pyspark.sql import Column
    from pyspark.sql.types import StructField, StructType


@dataclass(frozen=True, slots=True)
class Unit:
    """A column, or a leaf field of one.

    Attributes:
        path: the column's name and those of the fields below it.
        keeps: whether a NULL of an update leaves the stored value alone.
    """

    path: tuple[str, ...]
    keeps: bool

    @property
    def name(self) -> str:
        """The path with dots."""
        return ".".join(self.path)

    def value(self) -> Column:
        """The unit's value in a frame that has its column."""
        found = column(self.path[0])
        for field in self.path[1:]:
            found = found.getField(field)
        return found

    def is_below(self, name: str) -> bool:
        """Whether a name means this unit or something that contains it, in any case."""
        mine, wanted = self.name.casefold(), name.casefold()
        return mine == wanted or mine.startswith(f"{wanted}.")


def leaves(field: StructField) -> tuple[tuple[str, ...], ...]:
    """The paths of a column's leaf fields; of a column that is no struct, its own."""
    from pyspark.sql.types import StructType

    kind = field.dataType
    if not isinstance(kind, StructType) or not kind.fields:
        return ((field.name,),)
    return tuple((field.name, *below) for inner in kind.fields for below in leaves(inner))


def null_updates(
    schema: StructType, keys: Sequence[str], names: Sequence[str], *, excluded: bool
) -> tuple[Unit, ...]:
    """The units where NULL in some of them leaves the stored value alone.

    Args:
        names: of the columns or fields selected, or with `excluded` of those that are not.
    """
    found: list[Unit] = []
    for field in schema.fields:
        if field.name in keys:
            continue
        mine = [Unit(path, False) for path in leaves(field)]
        keeps = [any(unit.is_below(name) for name in names) is not excluded for unit in mine]
        if any(keeps):
            found.extend(Unit(u.path, each) for u, each in zip(mine, keeps, strict=True))
        else:
            found.append(Unit((field.name,), False))
    return tuple(found)


def merged_units(
    schema: StructType, keys: Sequence[str], found: Iterable[Sequence[Unit]]
) -> tuple[Unit, ...]:
    """The units of a target that several flows write to, each with units of its own or none.

    A column is taken apart if it is for one of them; none if no flow has units.
    """
    every = list(found)
    if not any(every):
        return ()
    apart = {unit.path[0].casefold() for units in every for unit in units if len(unit.path) > 1}
    return tuple(
        Unit(path, False)
        for field in schema.fields
        if field.name not in keys
        for path in (leaves(field) if field.name.casefold() in apart else ((field.name,),))
    )


def kept_at_null(
    units: Sequence[Unit], names: Sequence[str], *, excluded: bool
) -> tuple[Unit, ...]:
    """The units with those marked that a NULL leaves alone, as `null_updates` marks them."""
    return tuple(
        replace(unit, keeps=any(unit.is_below(name) for name in names) is not excluded)
        for unit in units
    )


def listed_updates(schema: StructType, keys: Sequence[str]) -> tuple[Unit, ...]:
    """The units where each event lists the columns it writes."""
    every = (path for field in schema.fields if field.name not in keys for path in leaves(field))
    return tuple(Unit(path, True) for path in every)


def assembled(field: StructField, values: Mapping[tuple[str, ...], Column]) -> Column:
    """A column from the values of its units; a struct all of whose leaves are NULL is NULL."""
    return _assembled((field.name,), field, values).alias(field.name)


def _assembled(
    path: tuple[str, ...], field: StructField, values: Mapping[tuple[str, ...], Column]
) -> Column:
    from pyspark.sql import functions as F
    from pyspark.sql.types import StructType

    if path in values:
        return values[path]
    assert isinstance(field.dataType, StructType), "a leaf without a unit"
    inner = field.dataType.fields
    parts = [_assembled((*path, each.name), each, values).alias(each.name) for each in inner]
    mine = [value for other, value in values.items() if other[: len(path)] == path]
    present = reduce(lambda left, right: left | right, (value.isNotNull() for value in mine))
    return F.when(present, F.struct(*parts))
