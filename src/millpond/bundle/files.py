"""The bundle's files: its root, and what the root includes, merged into one configuration."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from millpond.bundle import fields, globs
from millpond.bundle.merge import merge
from millpond.bundle.problems import Problems
from millpond.bundle.reader import read_yaml
from millpond.bundle.value import Value
from millpond.codes import (
    BUNDLE_DUPLICATE_RESOURCE,
    BUNDLE_INCLUDE_INVALID,
    BUNDLE_MERGE_CONFLICT,
    BUNDLE_NOT_FOUND,
    BUNDLE_PYTHON_NOT_RUN,
    BUNDLE_SEVERAL_ROOTS,
)
from millpond.errors import MillpondError
from millpond.location import Span

ROOT_NAMES = ("databricks.yml", "databricks.yaml", "bundle.yml", "bundle.yaml")
_SUFFIXES = (".yml", ".yaml", ".json")


def find_root_file(path: Path) -> Path:
    """The bundle's root file, given it or its folder.

    Raises:
        MillpondError: BUNDLE_NOT_FOUND; BUNDLE_SEVERAL_ROOTS if the folder has more than one.
    """
    if path.is_file():
        return path.resolve()
    found = [path / name for name in ROOT_NAMES if (path / name).is_file()]
    if not found:
        raise MillpondError(BUNDLE_NOT_FOUND, folder=path)
    if len(found) > 1:
        names = ", ".join(file.name for file in found)
        raise MillpondError(BUNDLE_SEVERAL_ROOTS, at=Span(found[1].resolve(), 1), files=names)
    return found[0].resolve()


def load_files(root_file: Path, problems: Problems) -> Value:
    """The root file with everything it includes merged into it, in the CLI's order.

    Each file is checked on its own first, all targets of it, so that a mistake is found
    wherever it is. Only the root's `include` counts.
    """
    root = _read(root_file, problems)
    parts = [root]
    for file in _includes(root, root_file, problems):
        parts.append(_read(file, problems))
        nested = parts[-1].get("include")
        if nested is not None:
            problems.warn(
                BUNDLE_INCLUDE_INVALID,
                nested.name_at,
                pattern="include",
                problem="stands outside the root file and has no effect",
            )
    _check_keys(parts, problems)
    _note_python(root, problems)
    merged = parts[0]
    for part in parts[1:]:
        merged = merge(merged, part, problems)
    return _without_legacy_names(merged, problems)


def _read(file: Path, problems: Problems) -> Value:
    try:
        value = read_yaml(file)
    except MillpondError as error:
        problems.add(error)
        return Value({}, Span(file, 1))
    checked = fields.ROOT.check(value, "", problems)
    return checked if checked.mapping else Value({}, checked.at)


def _includes(root: Value, root_file: Path, problems: Problems) -> Iterator[Path]:
    include = root.get("include")
    seen = {root_file}
    for entry in include.elements() if include else ():
        for file in _matches(entry, root_file.parent, problems):
            if file in seen or (file.name in ROOT_NAMES and file.parent == root_file.parent):
                continue
            seen.add(file)
            if file.suffix not in _SUFFIXES:
                _invalid(entry, f"matches {file.name}, which is not YAML or JSON", problems)
                continue
            yield file


def _matches(entry: Value, folder: Path, problems: Problems) -> list[Path]:
    pattern = entry.text
    if not pattern:
        return []
    if os.path.isabs(pattern):
        _invalid(entry, "is not relative", problems)
        return []
    found = globs.expand(folder, pattern)
    if not found and not globs.is_pattern(pattern):
        _invalid(entry, "does not exist", problems)
    return found


def _invalid(entry: Value, problem: str, problems: Problems) -> None:
    problems.error(BUNDLE_INCLUDE_INVALID, entry.at, pattern=entry.text, problem=problem)


def _check_keys(parts: list[Value], problems: Problems) -> None:
    """A resource key is unique in the bundle, whatever the kind of resource and the file."""
    first: dict[str, Span] = {}
    for part in parts:
        resources = part.get("resources")
        for kind in resources.elements() if resources else ():
            for key, resource in kind.mapping.items():
                place = first.setdefault(key, resource.name_at)
                if place != resource.name_at:
                    where = place.shown(relative_to=parts[0].at.file.parent)
                    at = resource.name_at
                    problems.error(BUNDLE_DUPLICATE_RESOURCE, at, key=key, first=where)


def _note_python(root: Value, problems: Problems) -> None:
    """The CLI runs the bundle's own Python; a program that only reads a bundle does not."""
    experimental = root.get("experimental") or root
    for python in (root.get("python"), experimental.get("python"), experimental.get("pydabs")):
        for field in ("resources", "mutators"):
            functions = python.get(field) if python is not None else None
            names = [each.text or "" for each in (functions.elements() if functions else ())]
            if functions is not None and names:
                problems.warn(BUNDLE_PYTHON_NOT_RUN, functions.name_at, names=", ".join(names))


def _without_legacy_names(root: Value, problems: Problems) -> Value:
    environments = root.get("environments")
    if environments is None:
        return root
    if root.get("targets") is not None:
        problems.error(
            BUNDLE_MERGE_CONFLICT,
            environments.name_at,
            hint="`environments` is the old name of `targets`; keep `targets`.",
            path="environments",
            found="given",
            expected="called `targets`",
        )
        return root
    return root.put("targets", environments)
