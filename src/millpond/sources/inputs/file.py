"""Read `millpond.yml` for a target; every mistake in it is told at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from millpond import codes
from millpond.errors import Failures, MillpondError
from millpond.sources.inputs.entries import EntryReader
from millpond.sources.inputs.local_inputs import LocalInputs

if TYPE_CHECKING:
    from millpond.bundle.value import Value

FILE_NAME = "millpond.yml"
_KEYS = ("paths", "tables", "secrets", "kafka", "configuration")


class _Keyed(Protocol):
    @property
    def key(self) -> tuple[str, ...]: ...


_K = TypeVar("_K", bound=_Keyed)


def find_inputs(project: Path) -> Path | None:
    """The `millpond.yml` of a bundle's or source folder, or None if it has none."""
    folder = project if project.is_dir() else project.parent
    file = folder / FILE_NAME
    return file if file.is_file() else None


def load_inputs(file: Path | None, target: str, targets: Sequence[str] = ()) -> LocalInputs:
    """What a `millpond.yml` says for a target; no mappings at all without a file.

    The keys below `targets: {name: …}` are merged over those of the top level, line by line.

    Args:
        targets: all that the project has, if they are known; the file may name no other.

    Raises:
        MillpondError: INPUTS_NOT_FOUND, or what is wrong with the YAML.
        Failures: INPUTS_FIELD_UNKNOWN, INPUTS_WRONG_TYPE, INPUTS_PATH_INVALID and
            INPUTS_NAME_INVALID, each at its place; all that are found.
    """
    if file is None:
        return LocalInputs()
    if not file.is_file():
        raise MillpondError(codes.INPUTS_NOT_FOUND, file=str(file))
    from millpond.bundle.reader import read_yaml

    reader = _Reader(file)
    general, by_target = reader.read(read_yaml(file), tuple(targets))
    if reader.errors:
        raise Failures(reader.errors)
    chosen = by_target.get(target)
    return general if chosen is None else _merged(general, chosen)


def _merged(general: LocalInputs, chosen: LocalInputs) -> LocalInputs:
    return replace(
        general,
        paths=_over(general.paths, chosen.paths),
        tables=_over(general.tables, chosen.tables),
        secrets=_over(general.secrets, chosen.secrets),
        kafka_servers=_over(general.kafka_servers, chosen.kafka_servers),
        configuration={**general.configuration, **chosen.configuration},
    )


def _over(general: tuple[_K, ...], chosen: tuple[_K, ...]) -> tuple[_K, ...]:
    """A target's lines, and those of the top level for other keys."""
    replaced = {entry.key for entry in chosen}
    return (*chosen, *(entry for entry in general if entry.key not in replaced))


@dataclass(frozen=True, slots=True)
class _Section:
    """A key of the file: the field it fills, and what reads one of its entries."""

    field: str
    read: Callable[[str, Value], Any]


class _Reader:
    """Turns the values of the file into mappings; keeps the errors."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._entries = EntryReader(file.resolve().parent)
        self.errors = self._entries.errors
        self._sections = {
            "paths": _Section("paths", self._entries.path),
            "tables": _Section("tables", self._entries.table),
            "secrets": _Section("secrets", self._entries.scope),
            "kafka": _Section("kafka_servers", self._entries.kafka),
            "configuration": _Section("configuration", self._entries.setting),
        }

    def read(
        self, root: Value, known: tuple[str, ...] = ()
    ) -> tuple[LocalInputs, dict[str, LocalInputs]]:
        """The general mappings, and those of each target."""
        general = self._section(root, FILE_NAME, (*_KEYS, "targets", "lint"))
        targets = root.mapping.get("targets")
        if targets is None:
            return general, {}
        found = {}
        for name, section in self._entries.below(targets, "targets"):
            if known and name not in known:
                self._entries.unknown(name, section, "targets", known)
            found[name] = self._section(section, f"target {name!r}", _KEYS)
        return general, found

    def _section(self, value: Value, where: str, known: tuple[str, ...]) -> LocalInputs:
        fields: dict[str, Any] = {}
        for key, entries in self._entries.below(value, where):
            section = self._sections.get(key)
            if section is not None:
                found = list(self._read(key, entries, section))
                fields[section.field] = dict(found) if key == "configuration" else tuple(found)
            elif key not in known:
                self._entries.unknown(key, entries, where, known)
        return LocalInputs(self._file, **fields)

    def _read(self, key: str, entries: Value, section: _Section) -> Iterator[Any]:
        for name, value in self._entries.below(entries, key):
            yield from section.read(name, value)
