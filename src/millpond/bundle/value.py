"""A configuration value that knows where it stands: what a bundle file is read into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from millpond.location import Span

Scalar = str | int | float | bool | None
Data = Scalar | Mapping[str, "Value"] | tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A scalar, a list or a mapping, with the place it was written at.

    Values are shared freely (a YAML alias is the same object as its anchor), so `size` and
    `depth` count what walking the value would cost, not what it takes in memory.

    Attributes:
        data: the scalar, a tuple of values, or a mapping of names to values.
        at: the value itself; for a block list or mapping, its first entry.
        key_at: the key it stands under, or None for an element of a list and for a root.
        anchored: a YAML anchor stands on it; such a field may be unknown to bundles.
        size: the number of values in it, itself included.
        depth: the number of levels in it, itself included.
    """

    data: Data
    at: Span
    key_at: Span | None = None
    anchored: bool = False
    size: int = field(init=False, compare=False, repr=False)
    depth: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        children = self.elements()
        object.__setattr__(self, "size", 1 + sum(child.size for child in children))
        object.__setattr__(self, "depth", 1 + max((child.depth for child in children), default=0))

    @property
    def kind(self) -> str:
        """What the value is, in the words of an error message: `a mapping`, `text` and so on."""
        return kind_of(self.data)

    @property
    def mapping(self) -> Mapping[str, Value]:
        """The entries of a mapping; empty for anything else."""
        return self.data if isinstance(self.data, Mapping) else {}

    @property
    def text(self) -> str | None:
        """The value if it is text, else None."""
        return self.data if isinstance(self.data, str) else None

    @property
    def name_at(self) -> Span:
        """The key if there is one, else the value: where an error about the whole field points."""
        return self.key_at or self.at

    def elements(self) -> tuple[Value, ...]:
        """The values directly inside a list or mapping; none for a scalar."""
        if isinstance(self.data, tuple):
            return self.data
        return tuple(self.mapping.values())

    def get(self, *path: str) -> Value | None:
        """The value below these keys, or None where one of them is missing."""
        value: Value | None = self
        for key in path:
            value = value.mapping.get(key) if value is not None else None
        return value

    def put(self, key: str, value: Value) -> Value:
        """A copy of this mapping with one entry added or replaced; null counts as empty."""
        return replace(self, data={**self.mapping, key: value})

    def set(self, key: str, data: Data) -> Value:
        """A copy of this mapping with one entry made here, placed where this mapping is."""
        return self.put(key, Value(data, self.at, self.key_at))

    def moved(self, to: Value) -> Value:
        """The same data at the place of another value: a substitution for it."""
        return Value(self.data, to.at, to.key_at)

    def under(self, key_at: Span) -> Value:
        """The same value standing under another key: what a YAML alias gives."""
        return replace(self, key_at=key_at)

    def plain(self) -> object:
        """The data without places: dict, list and scalars, new at every call."""
        if isinstance(self.data, tuple):
            return [element.plain() for element in self.data]
        if isinstance(self.data, Mapping):
            return {key: value.plain() for key, value in self.data.items()}
        return self.data


def from_plain(data: object, at: Span) -> Value:
    """The value of plain dict, list and scalar data, all of it placed at one span."""
    if isinstance(data, Mapping):
        return Value({str(key): from_plain(value, at) for key, value in data.items()}, at)
    if isinstance(data, list | tuple):
        return Value(tuple(from_plain(element, at) for element in data), at)
    if data is None or isinstance(data, str | int | float | bool):
        return Value(data, at)
    raise TypeError(f"not configuration data: {type(data).__name__}")


def kind_of(data: object) -> str:
    """What a piece of configuration data is, in the words of an error message."""
    if data is None:
        return "null"
    for types, words in _KINDS:
        if isinstance(data, types):
            return words
    return "a list"


_KINDS: tuple[tuple[type, str], ...] = (
    (str, "text"),
    (bool, "a boolean"),
    (int, "a whole number"),
    (float, "a number"),
    (Mapping, "a mapping"),
)
