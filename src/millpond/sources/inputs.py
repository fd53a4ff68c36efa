"""`millpond.yml`: where the paths in pipeline source are on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from millpond import codes
from millpond.bundle.suggest import did_you_mean
from millpond.errors import Failures, MillpondError
from millpond.location import Span
from millpond.sources.paths import (
    PathPattern,
    has_scheme,
    is_databricks_path,
    suggested_prefix,
)

if TYPE_CHECKING:
    from millpond.bundle.value import Value
    from millpond.codes import Code

FILE_NAME = "millpond.yml"
_LATER_KEYS = ("tables", "secrets", "kafka", "configuration")
_KEYS = ("paths", *_LATER_KEYS)


@dataclass(frozen=True, slots=True)
class PathMapping:
    """One line of `paths`.

    Attributes:
        pattern: the prefix or glob of the path in the source.
        written: the local path as written.
        local: the folder or file it means, absolute.
        at: the value in the file.
    """

    pattern: PathPattern
    written: str
    local: Path
    at: Span


@dataclass(frozen=True, slots=True)
class LocalInputs:
    """The mappings in force for one target.

    Attributes:
        file: the file they come from, or None if there is none.
        paths: those of the target first; of two with the same pattern, only the target's.
    """

    file: Path | None = None
    paths: tuple[PathMapping, ...] = ()

    def local_path(self, path: str, at: Span | None = None) -> str:
        """Where a path of the source's is on this machine.

        The longest matching prefix or glob wins, counted in whole path components, and the rest
        of the path is kept. A path of this machine passes through as it is.

        Raises:
            MillpondError: INPUT_NOT_MAPPED at `at`, with the line to add as its hint;
                INPUT_PATH_NOT_FOUND at the mapping, if what it names does not exist.
        """
        found = [(rest, entry) for entry in self.paths if (rest := entry.pattern.rest(path))]
        if found:
            rest, mapping = min(
                found, key=lambda pair: (-len(pair[1].pattern.components), pair[1].pattern.is_glob)
            )
            if not mapping.local.exists():
                raise MillpondError(
                    codes.INPUT_PATH_NOT_FOUND,
                    at=mapping.at,
                    path=mapping.pattern.text,
                    local=mapping.written,
                    looked_for=mapping.local,
                )
            return str(mapping.local.joinpath(*rest.components)) + rest.ending
        if is_databricks_path(path):
            raise self._not_mapped(path, at)
        return path

    def _not_mapped(self, path: str, at: Span | None) -> MillpondError:
        line = f"{suggested_prefix(path)}: path/to/local/folder"
        file = FILE_NAME if self.file is None else self.file.name
        if self.file is None:
            file += " (a new file beside databricks.yml or the source)"
        return MillpondError(codes.INPUT_NOT_MAPPED, at=at, path=path, file=file, line=line)


def find_inputs(project: Path) -> Path | None:
    """The `millpond.yml` of a bundle's or source folder, or None if it has none."""
    folder = project if project.is_dir() else project.parent
    file = folder / FILE_NAME
    return file if file.is_file() else None


def load_inputs(file: Path | None, target: str) -> LocalInputs:
    """What a `millpond.yml` says for a target; no mappings at all without a file.

    Keys: `paths` (a prefix or glob of a path in the source: a local path, relative to the file)
    and `targets`, a mapping of target names to the same keys, which override the general ones.

    Raises:
        MillpondError: INPUTS_NOT_FOUND, or what is wrong with the YAML.
        Failures: INPUTS_FIELD_UNKNOWN, INPUTS_WRONG_TYPE, INPUTS_PATH_INVALID and
            NOT_SUPPORTED_YET, each at its place; all that are found.
    """
    if file is None:
        return LocalInputs()
    if not file.is_file():
        raise MillpondError(codes.INPUTS_NOT_FOUND, file=str(file))
    from millpond.bundle.reader import read_yaml

    reader = _Reader(file)
    general, by_target = reader.read(read_yaml(file))
    if reader.errors:
        raise Failures(reader.errors)
    chosen = by_target.get(target, ())
    overridden = {entry.pattern.components for entry in chosen}
    kept = tuple(entry for entry in general if entry.pattern.components not in overridden)
    return LocalInputs(file, (*chosen, *kept))


class _Reader:
    """Turns the values of the file into mappings; keeps the errors."""

    def __init__(self, file: Path) -> None:
        self.errors: list[MillpondError] = []
        self._folder = file.resolve().parent

    def read(
        self, root: Value
    ) -> tuple[tuple[PathMapping, ...], dict[str, tuple[PathMapping, ...]]]:
        """The general mappings, and those of each target."""
        general = self._section(root, FILE_NAME, (*_KEYS, "targets"))
        targets = root.mapping.get("targets")
        if targets is None:
            return general, {}
        return general, {
            name: self._section(section, f"target {name!r}", _KEYS)
            for name, section in self._entries(targets, "targets")
        }

    def _section(
        self, section: Value, where: str, known: tuple[str, ...]
    ) -> tuple[PathMapping, ...]:
        mappings: tuple[PathMapping, ...] = ()
        for key, value in self._entries(section, where):
            if key == "paths":
                entries = self._entries(value, "paths")
                mappings = tuple(filter(None, (self._path(*entry) for entry in entries)))
            elif key in _LATER_KEYS:
                feature = f"the key {key!r} of {FILE_NAME}"
                hint = "Remove it; today only `paths` is read."
                self._error(codes.NOT_SUPPORTED_YET, value.name_at, hint=hint, feature=feature)
            elif key not in known:
                self._error(
                    codes.INPUTS_FIELD_UNKNOWN,
                    value.name_at,
                    hint=did_you_mean(key, known),
                    field=key,
                    where=where,
                    known=", ".join(known),
                )
        return mappings

    def _path(self, pattern: str, value: Value) -> PathMapping | None:
        local = value.text
        if local is None:
            self._wrong_type(value, f"paths.{pattern}", "a local path")
            return None
        if has_scheme(local):
            self._wrong_type(value, f"paths.{pattern}", "a local path", found=repr(local))
            return None
        if not pattern.strip("/ "):
            reason = "it is empty"
            self._error(codes.INPUTS_PATH_INVALID, value.name_at, path=pattern, reason=reason)
            return None
        folder = self._folder / Path(local.removeprefix("file:")).expanduser()
        return PathMapping(PathPattern(pattern), local, folder, value.at)

    def _entries(self, value: Value, path: str) -> Iterator[tuple[str, Value]]:
        if value.data is not None and value.kind != "a mapping":
            self._wrong_type(value, path, "a mapping")
        yield from value.mapping.items()

    def _wrong_type(self, value: Value, path: str, expected: str, found: str | None = None) -> None:
        found = found or value.kind
        self._error(codes.INPUTS_WRONG_TYPE, value.at, path=path, expected=expected, found=found)

    def _error(self, code: Code, at: Span, *, hint: str | None = None, **params: object) -> None:
        self.errors.append(MillpondError(code, at=at, hint=hint, **params))
