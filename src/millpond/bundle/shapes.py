"""What a field may hold, and the check that brings a value into that shape.

The conversions are the CLI's: numbers and booleans become text in a text field, `yes` and `on`
become booleans in a boolean field, digits become numbers in a number field. What the CLI only
warns about and then drops (a wrong type) is an error here: the pipeline would run without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from millpond.bundle.problems import Problems
from millpond.bundle.references import is_reference, refers
from millpond.bundle.scalars import resolve_plain, text_of
from millpond.bundle.suggest import did_you_mean
from millpond.bundle.value import Data, Value
from millpond.codes import (
    BUNDLE_FIELD_MISSING,
    BUNDLE_FIELD_UNKNOWN,
    BUNDLE_VALUE_INVALID,
    BUNDLE_WRONG_TYPE,
)

_YES = frozenset(("true", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"))
_NO = frozenset(("false", "n", "N", "no", "No", "NO", "off", "Off", "OFF"))


@dataclass(frozen=True, slots=True)
class Shape:
    """Anything at all."""

    def check(self, value: Value, path: str, problems: Problems) -> Value:
        """The value in this shape; problems are noted, and the value is then left as it is."""
        return value

    def check_complete(self, value: Value, path: str, problems: Problems) -> None:
        """Note, as a warning, each required field that a value of this shape lacks."""


@dataclass(frozen=True, slots=True)
class Text(Shape):
    """Text, of a fixed set of words if there are any; they compare without regard to case."""

    words: tuple[str, ...] = ()

    def check(self, value: Value, path: str, problems: Problems) -> Value:
        """Note BUNDLE_WRONG_TYPE for a list or mapping, BUNDLE_VALUE_INVALID for another word."""
        if isinstance(value.data, Mapping | tuple):
            return _wrong(value, path, "text", problems)
        if value.data is None:
            return value
        text = text_of(value.data)
        known = {word.casefold() for word in self.words}
        if known and text.casefold() not in known and not refers(text):
            allowed = ", ".join(self.words)
            hint = did_you_mean(text, self.words)
            problems.error(
                BUNDLE_VALUE_INVALID, value.at, hint=hint, path=path, value=text, allowed=allowed
            )
        return replace(value, data=text)


@dataclass(frozen=True, slots=True)
class Boolean(Shape):
    """A boolean."""

    def check(self, value: Value, path: str, problems: Problems) -> Value:
        """Note BUNDLE_WRONG_TYPE for anything but a boolean or a word for one."""
        if isinstance(value.data, bool) or value.data is None or is_reference(value):
            return value
        if value.data in _YES or value.data in _NO:
            return replace(value, data=value.data in _YES)
        return _wrong(value, path, "a boolean", problems)


@dataclass(frozen=True, slots=True)
class Integer(Shape):
    """A whole number."""

    def check(self, value: Value, path: str, problems: Problems) -> Value:
        """Note BUNDLE_WRONG_TYPE for anything but a whole number, or digits in quotes."""
        data = value.data
        if data is None or is_reference(value):
            return value
        if isinstance(data, str) and data.lstrip("+-").isdecimal() and len(data) < 20:
            return replace(value, data=int(data))
        if isinstance(data, float) and data.is_integer():
            return replace(value, data=int(data))
        if isinstance(data, bool) or not isinstance(data, int):
            return _wrong(value, path, "a whole number", problems)
        return value


@dataclass(frozen=True, slots=True)
class Number(Shape):
    """A number, whole or not."""

    def check(self, value: Value, path: str, problems: Problems) -> Value:
        """Note BUNDLE_WRONG_TYPE for anything but a number, or one in quotes."""
        data = value.data
        if data is None or is_reference(value):
            return value
        number = resolve_plain(data) if isinstance(data, str) else data
        if isinstance(number, bool) or not isinstance(number, int | float):
            return _wrong(value, path, "a number", problems)
        return replace(value, data=number)


@dataclass(frozen=True, slots=True)
class Choice(Shape):
    """One of the words of an enumeration.

    Another word is a warning, as in the CLI: the service may know more than this version does.
    """

    words: tuple[str, ...]

    def check(self, value: Value, path: str, problems: Problems) -> Value:
        """Note BUNDLE_WRONG_TYPE for a list or mapping, BUNDLE_VALUE_INVALID for another word."""
        checked = Text().check(value, path, problems)
        text = checked.text
        if text is not None and text not in self.words and not refers(text):
            hint = did_you_mean(text, self.words)
            allowed = ", ".join(self.words)
            problems.warn(
                BUNDLE_VALUE_INVALID, value.at, hint=hint, path=path, value=text, allowed=allowed
            )
        return checked


@dataclass(frozen=True, slots=True)
class ListOf(Shape):
    """A list."""

    element: Shape = field(default_factory=Shape)

    def check(self, value: Value, path: str, problems: Problems) -> Value:
        """Note BUNDLE_WRONG_TYPE for anything but a list; check each element."""
        if value.data is None or is_reference(value):
            return value
        if not isinstance(value.data, tuple):
            return _wrong(value, path, "a list", problems)
        checked = (
            self.element.check(element, f"{path}[{index}]", problems)
            for index, element in enumerate(value.data)
        )
        return replace(value, data=tuple(checked))

    def check_complete(self, value: Value, path: str, problems: Problems) -> None:
        """Look into each element."""
        for index, element in enumerate(value.elements()):
            self.element.check_complete(element, f"{path}[{index}]", problems)


@dataclass(frozen=True, slots=True)
class MapOf(Shape):
    """A mapping whose names are the user's own."""

    element: Shape = field(default_factory=Shape)

    def check(self, value: Value, path: str, problems: Problems) -> Value:
        """Note BUNDLE_WRONG_TYPE for anything but a mapping; check each entry."""
        if value.data is None or is_reference(value):
            return value
        if not isinstance(value.data, Mapping):
            return _wrong(value, path, "a mapping", problems)
        checked: Data = {
            key: self.element.check(entry, f"{path}.{key}", problems)
            for key, entry in value.data.items()
        }
        return replace(value, data=checked)

    def check_complete(self, value: Value, path: str, problems: Problems) -> None:
        """Look into each entry."""
        for key, entry in value.mapping.items():
            self.element.check_complete(entry, f"{path}.{key}", problems)


@dataclass(frozen=True, slots=True)
class Record(Shape):
    """A mapping with known fields.

    Attributes:
        fields: the shape of each field.
        what: what an unknown field is said to be missing from (`a pipeline`).
        required: the fields that must be there once all files and overrides are merged.
    """

    fields: Mapping[str, Shape]
    what: str = "this mapping"
    required: tuple[str, ...] = ()

    def check(self, value: Value, path: str, problems: Problems) -> Value:
        """Note BUNDLE_FIELD_UNKNOWN as a warning, BUNDLE_WRONG_TYPE for anything but a mapping.

        Unknown fields are dropped, as in the CLI. One that carries a YAML anchor is dropped
        without a warning: it is there to be referred to.
        """
        if value.data is None or is_reference(value):
            return value
        if not isinstance(value.data, Mapping):
            return _wrong(value, path, "a mapping", problems)
        checked: dict[str, Value] = {}
        for key, entry in value.data.items():
            shape = self.fields.get(key)
            if shape is not None:
                checked[key] = shape.check(entry, f"{path}.{key}" if path else key, problems)
            elif not entry.anchored:
                hint = did_you_mean(key, self.fields)
                problems.warn(
                    BUNDLE_FIELD_UNKNOWN, entry.name_at, hint=hint, field=key, where=self.what
                )
        return replace(value, data=checked)

    def check_complete(self, value: Value, path: str, problems: Problems) -> None:
        """Note BUNDLE_FIELD_MISSING for each required field; look into those that are there."""
        if not isinstance(value.data, Mapping):
            return
        for name in self.required:
            entry = value.get(name)
            if entry is None or entry.data is None:
                problems.warn(BUNDLE_FIELD_MISSING, value.name_at, field=f"{path}.{name}")
        for key, entry in value.data.items():
            shape = self.fields.get(key)
            if shape is not None:
                shape.check_complete(entry, f"{path}.{key}" if path else key, problems)


def _wrong(value: Value, path: str, expected: str, problems: Problems) -> Value:
    problems.error(
        BUNDLE_WRONG_TYPE, value.at, path=path or "the file", expected=expected, found=value.kind
    )
    return value
