"""The leaves of nested rows: what a partial update writes or leaves alone (reference 4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Row = Mapping[str, Any]
"""An event of a feed, or a row of a target: values by column; a struct is a mapping."""
Leaf = tuple[str, ...]
"""The path of a field that is no struct: `("address", "city")`."""


def shape_of(events: Iterable[Row]) -> dict[str, Any]:
    """The fields of each column, as far as any event shows them; of what is no struct, none."""
    found: dict[str, Any] = {}
    for event in events:
        for name, value in event.items():
            fields = found.setdefault(name, {})
            if isinstance(value, Mapping):
                _merge(fields, shape_of([value]))
    return found


def _merge(fields: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, inner in more.items():
        _merge(fields.setdefault(name, {}), inner)


def leaves_of(fields: Mapping[str, Any], path: Leaf) -> Iterator[Leaf]:
    """The leaves below a path, from the fields that it has."""
    if not fields:
        yield path
    for name, inner in fields.items():
        yield from leaves_of(inner, (*path, name))


def value_at(row: Row, leaf: Leaf) -> Any:
    """The value of a leaf; None if a struct above it is NULL or lacks it."""
    value: Any = row
    for name in leaf:
        if value is None:
            return None
        value = value.get(name)
    return value


def put_at(row: dict[str, Any], leaf: Leaf, value: Any) -> None:
    """Set a leaf, making the structs above it."""
    for name in leaf[:-1]:
        row = row.setdefault(name, {})
    row[leaf[-1]] = value


def without_hollow(value: Any) -> Any:
    """A struct of which nothing is left is NULL; where leaves decide, that is all one can tell."""
    if not isinstance(value, Mapping):
        return value
    inner = {name: without_hollow(item) for name, item in value.items()}
    return None if all(item is None for item in inner.values()) else inner
