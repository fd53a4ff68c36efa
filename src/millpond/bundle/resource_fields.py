"""The fields of every kind of resource, with their shapes, from fields.json beside this file.

The file is made by scripts/generate_fields.py from the dataclasses of `databricks-bundles`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from millpond.bundle.problems import Problems
from millpond.bundle.shapes import Boolean, Choice, Integer, ListOf, MapOf, Number, Record, Shape
from millpond.bundle.shapes import Text as TextShape
from millpond.bundle.value import Value

_FILE = Path(__file__).with_name("fields.json")

_ALERTS = ("on-update-success", "on-update-failure", "on-update-fatal-failure", "on-flow-failure")

_WORDS: dict[tuple[str, str], Shape] = {
    ("Pipeline", "channel"): TextShape(("CURRENT", "PREVIEW", "PREVIOUS")),
    ("Pipeline", "edition"): TextShape(("CORE", "PRO", "ADVANCED")),
    ("Notifications", "alerts"): ListOf(TextShape(_ALERTS)),
}
"""Fields that are plain text in the dataclasses and take a few words only (reference 7.1, 7.4)."""

_SCALARS: dict[str, Shape] = {
    "text": TextShape(),
    "boolean": Boolean(),
    "integer": Integer(),
    "number": Number(),
    "any": Shape(),
}

_NAMES = {"jobs": "a job", "mcp_services": "an MCP service", "quality_monitors": "a monitor"}


@dataclass(frozen=True, slots=True)
class _Named(Shape):
    """A record by its name, looked up when a value is checked: records may hold themselves."""

    name: str

    def check(self, value: Value, path: str, problems: Problems) -> Value:
        return _record(self.name).check(value, path, problems)

    def check_complete(self, value: Value, path: str, problems: Problems) -> None:
        _record(self.name).check_complete(value, path, problems)


@dataclass(frozen=True, slots=True)
class Resources(Shape):
    """`resources`: kinds, each a mapping of keys to resources of that kind."""

    def check(self, value: Value, path: str, problems: Problems) -> Value:
        """Check each resource by the record of its kind."""
        return _kinds().check(value, path, problems)

    def check_complete(self, value: Value, path: str, problems: Problems) -> None:
        """Look for what each resource lacks."""
        _kinds().check_complete(value, path, problems)


@cache
def _kinds() -> Record:
    kinds = _data()["kinds"]
    return Record({kind: MapOf(_kind(kind, record)) for kind, record in kinds.items()}, "resources")


def _kind(kind: str, record: str) -> Record:
    return _made(record, _NAMES.get(kind) or _with_article(kind.removesuffix("s").split("_")))


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return data


@cache
def _record(name: str) -> Record:
    words = re.findall(r"[A-Z]+(?![a-z])\d*|[A-Z][a-z0-9]*", name.rpartition(".")[2])
    return _made(name, _with_article([word.lower() for word in words]))


def _made(name: str, what: str) -> Record:
    fields = _data()["records"][name]
    shapes = {
        field.rstrip("!"): _WORDS.get((name, field)) or _shape(kind)
        for field, kind in fields.items()
    }
    required = tuple(field[:-1] for field in fields if field.endswith("!"))
    return Record(shapes, what, required)


@cache
def _shape(kind: str) -> Shape:
    if kind.startswith("["):
        return ListOf(_shape(kind[1:-1]))
    if kind.startswith("{"):
        return MapOf(_shape(kind[1:-1]))
    if kind in _SCALARS:
        return _SCALARS[kind]
    words = _data()["enums"].get(kind)
    return Choice(tuple(words)) if words is not None else _Named(kind)


def _with_article(words: list[str]) -> str:
    name = " ".join(words)
    if name.endswith("s"):
        return name
    return ("an " if name[0] in "aeiou" else "a ") + name
