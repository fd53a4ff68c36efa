"""Write src/millpond/bundle/fields.json: what every kind of resource may say in a bundle.

Made from the dataclasses of `databricks-bundles`, which its authors make from the CLI's own schema,
and of `databricks-sdk` for the few deprecated fields that the CLI takes all the same. Both are
pinned in requirements-dev.txt: after raising a pin, run this script.
"""

from __future__ import annotations

import dataclasses
import json
import re
import types
import typing
from collections.abc import Iterable
from enum import Enum
from importlib.metadata import version
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent.parent / "src/millpond/bundle/fields.json"

_SCALARS = {str: "text", bool: "boolean", int: "integer", float: "number"}


def document() -> str:
    """The text of the file: kinds to records, records to fields, enumerations to words.

    A field's type is `text`, `boolean`, `integer`, `number`, `any`, the name of a record or of
    an enumeration, or one of these in `[]` for a list, in `{}` for a mapping of names. A record
    that must have a field ends that field's name in `!`.
    """
    from databricks.bundles.core._resource_type import _ResourceType

    catalog = _Catalog()
    kinds = {each.plural_name: catalog.name_of(each.resource_type) for each in _ResourceType.all()}
    for record, extra in _deprecated():
        fields = catalog.records[record]
        known = {name.rstrip("!") for name in fields}
        fields.update(catalog.fields_of(extra, but=known))
        catalog.records[record] = dict(sorted(fields.items()))
    made_from = {name: version(name) for name in ("databricks-bundles", "databricks-sdk")}
    parts = {
        "made_from": made_from,
        "kinds": dict(sorted(kinds.items())),
        "records": dict(sorted(catalog.records.items())),
        "enums": dict(sorted(catalog.enums.items())),
    }
    return _lines(parts)


def _deprecated() -> tuple[tuple[str, type], ...]:
    from databricks.sdk.service import jobs, pipelines

    return (
        ("Pipeline", pipelines.PipelineSpec),
        ("PipelineLibrary", pipelines.PipelineLibrary),
        ("Job", jobs.JobSettings),
    )


class _Catalog:
    """The records and enumerations met so far, each under one name."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, str]] = {}
        self.enums: dict[str, list[str]] = {}
        self._names: dict[type, str] = {}

    def name_of(self, cls: type) -> str:
        """The name of a dataclass or enumeration; with its module where two differ."""
        if cls not in self._names:
            name, path = cls.__name__, cls.__module__.split(".")
            if name in self._names.values():
                same = next(each for each, taken in self._names.items() if taken == name)
                if _outline(same) == _outline(cls):
                    return name
                name = f"{path[2]}.{name}"
            self._names[cls] = name
            if issubclass(cls, Enum):
                self.enums[name] = [member.value for member in cls]
            else:
                self.records[name] = {}
                self.records[name].update(self.fields_of(cls))
        return self._names[cls]

    def fields_of(self, cls: type, but: Iterable[str] = ()) -> dict[str, str]:
        """The fields of a dataclass with their types, sorted; some may be left out."""
        hints = typing.get_type_hints(cls)
        found = {}
        for field in dataclasses.fields(cls):
            if field.name in but:
                continue
            required = (
                field.default is dataclasses.MISSING
                and field.default_factory is dataclasses.MISSING
            )
            found[field.name + "!" * required] = self._kind(hints[field.name])
        return dict(sorted(found.items()))

    def _kind(self, hint: Any) -> str:
        hint = _without_variable(hint)
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin is list:
            return f"[{self._kind(arguments[0])}]"
        if origin is dict:
            return "{" + self._kind(arguments[1]) + "}"
        if hint in _SCALARS:
            return _SCALARS[hint]
        if isinstance(hint, type) and (dataclasses.is_dataclass(hint) or issubclass(hint, Enum)):
            return self.name_of(hint)
        return "any"


def _without_variable(hint: Any) -> Any:
    """The one type that is left of a union without `None` and without a bundle's variable."""
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return hint
    kept = [each for each in typing.get_args(hint) if not _is_variable_or_none(each)]
    return kept[0] if len(kept) == 1 else Any


def _is_variable_or_none(hint: Any) -> bool:
    return hint is type(None) or getattr(typing.get_origin(hint), "__name__", "") == "Variable"


def _outline(cls: type) -> object:
    if issubclass(cls, Enum):
        return [member.value for member in cls]
    hints = typing.get_type_hints(cls)
    return {name: re.sub(r"[\w.]+\.", "", str(hint)) for name, hint in hints.items()}


def _lines(parts: dict[str, Any]) -> str:
    """JSON with a line for each kind, record and enumeration, so that a change is read easily."""
    blocks = []
    for part, entries in parts.items():
        rows = ",\n".join(f"{json.dumps(key)}:{_compact(value)}" for key, value in entries.items())
        blocks.append(f"{json.dumps(part)}: {{\n{rows}\n}}")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
