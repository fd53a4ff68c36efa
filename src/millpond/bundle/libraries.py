"""A pipeline's `libraries`: which files they name, and in what language those are."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from millpond.bundle import globs
from millpond.bundle.paths import Roots
from millpond.bundle.problems import Problems
from millpond.bundle.suggest import closest
from millpond.bundle.value import Value
from millpond.codes import (
    BUNDLE_NOT_RUN_LOCALLY,
    BUNDLE_SETTINGS_CONFLICT,
    LIBRARY_GLOB_INVALID,
    LIBRARY_WITHOUT_SOURCE,
    PATH_NOT_FOUND,
    SOURCE_KIND_UNSUPPORTED,
)
from millpond.definitions import SourceFile, SourceKind
from millpond.errors import MillpondError

SUFFIXES = (".py", ".sql", ".ipynb")
_SKIPPED_FOLDERS = frozenset(("__pycache__",))
_FOLDER = "/**"


def sources_of(libraries: Iterable[Value], roots: Roots, problems: Problems) -> list[SourceFile]:
    """The source files that libraries name: in their order, a folder's sorted, each once.

    Problems are noted at the path of the library.
    """
    found: dict[Path, SourceFile] = {}
    for library in _checked(list(libraries), problems):
        try:
            for path in _paths(library, roots, problems):
                found.setdefault(path, SourceFile(path, kind_of_source(path)))
        except MillpondError as error:
            problems.add(error)
    return list(found.values())


def kind_of_source(path: Path) -> SourceKind:
    """The language of a source file, by its name; a notebook in JSON says it inside."""
    if path.suffix == ".sql":
        return SourceKind.SQL
    if path.suffix == ".ipynb" and _language_of_notebook(path) == "sql":
        return SourceKind.SQL
    return SourceKind.PYTHON


def files_below(
    folder: Path,
    suffixes: tuple[str, ...] = SUFFIXES,
    skipped: frozenset[str] = _SKIPPED_FOLDERS,
) -> Iterator[Path]:
    """The source files of a folder and its folders, sorted by path.

    Hidden files and folders, the skipped ones and virtual environments are left out; links to
    folders are not followed.
    """
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".")
            and name not in skipped
            and not (Path(place) / name / "pyvenv.cfg").exists()
        ]
        found += [
            Path(place) / name
            for name in names
            if name.endswith(suffixes) and not name.startswith(".")
        ]
    return iter(sorted(found))


def _checked(libraries: list[Value], problems: Problems) -> list[Value]:
    """Globs stand alone (reference 7.1); what is no source is not for a local run."""
    by_path = [lib for lib in libraries if lib.get("file") or lib.get("notebook")]
    for library in libraries:
        glob = library.get("glob")
        if glob is not None and by_path:
            at = glob.name_at
            problems.error(BUNDLE_SETTINGS_CONFLICT, at, first="glob", second="file or notebook")
        for kind in ("jar", "maven", "whl"):
            installed = library.get(kind)
            if installed is not None:
                problems.warn(BUNDLE_NOT_RUN_LOCALLY, installed.name_at, kind=kind)
    return libraries


def _paths(library: Value, roots: Roots, problems: Problems) -> list[Path]:
    include = library.get("glob", "include")
    if include is not None and include.text:
        return _glob(include, roots)
    for kind in ("file", "notebook"):
        path = library.get(kind, "path")
        if path is not None and path.text:
            return _named(path, kind, roots)
    return []


def _glob(include: Value, roots: Roots) -> list[Path]:
    pattern = str(include.data)
    whole_folder = pattern.endswith(_FOLDER)
    if globs.is_pattern(pattern.removesuffix(_FOLDER)):
        parent = pattern.rpartition("/")[0]
        hint = f"For all source below the folder, write {parent + _FOLDER!r}."
        simple = parent and not globs.is_pattern(parent)
        raise MillpondError(
            LIBRARY_GLOB_INVALID, at=include.at, hint=hint if simple else None, pattern=pattern
        )
    if not whole_folder:
        return _named(include, "file", roots)
    folder = roots.local(Value(pattern.removesuffix(_FOLDER), include.at))
    if not folder.is_dir():
        raise _missing(include, "folder", folder, roots)
    found = list(files_below(folder))
    if not found:
        raise MillpondError(LIBRARY_WITHOUT_SOURCE, at=include.at, path=pattern)
    return found


def _named(path: Value, kind: str, roots: Roots) -> list[Path]:
    """The one file that a path names, its extension possibly left out; or those of a pattern."""
    if globs.is_pattern(str(path.data)):
        return _matching(path, roots)
    local = roots.local(path)
    candidates = [local, *(local.with_name(local.name + suffix) for suffix in SUFFIXES)]
    found = next((each for each in candidates if each.is_file()), None)
    if found is None:
        if local.is_dir():
            hint = f"For all source below the folder, use a glob: {str(path.data) + _FOLDER!r}."
            raise MillpondError(SOURCE_KIND_UNSUPPORTED, at=path.at, hint=hint, path=path.data)
        raise _missing(path, kind, local, roots)
    if found.suffix not in SUFFIXES:
        raise MillpondError(SOURCE_KIND_UNSUPPORTED, at=path.at, path=path.data)
    return [found]


def _matching(path: Value, roots: Roots) -> list[Path]:
    """`file` and `notebook` paths may have wildcards too: the CLI expands them."""
    pattern = str(path.data)
    steps = pattern.split("/")
    fixed = list(itertools.takewhile(lambda step: not globs.is_pattern(step), steps))
    folder = roots.local(Value("/".join(fixed) or ".", path.at))
    matches = globs.expand(folder, "/".join(steps[len(fixed) :]))
    found = [
        each
        for each in matches
        if each.suffix in SUFFIXES and each.is_file() and each.is_relative_to(roots.sync)
    ]
    if not found:
        raise MillpondError(LIBRARY_WITHOUT_SOURCE, at=path.at, path=pattern)
    return found


def _missing(path: Value, what: str, local: Path, roots: Roots) -> MillpondError:
    hint = None
    if local.parent.is_dir():
        name = closest(local.name, sorted(each.name for each in local.parent.iterdir()))
        similar = str(Path(str(path.data)).with_name(name)) if name else None
        hint = f"Did you mean {similar!r}?" if similar else None
    shown = roots.shown(local)
    return MillpondError(
        PATH_NOT_FOUND, at=path.at, hint=hint, what=what, path=path.data, looked_for=shown
    )


def _language_of_notebook(path: Path) -> str:
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
        databricks = metadata.get("application/vnd.databricks.v1+notebook", {})
        info = metadata.get("language_info", {})
        return str(databricks.get("language") or info.get("name") or "python").lower()
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        # The notebook is read again when it is loaded, and what is wrong with it is said there.
        return "python"
