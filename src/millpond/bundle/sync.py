"""Which files of a bundle are deployed: the CLI's `sync`, and what Git ignores.

Everything below the bundle's folder, or below `sync.paths`, but what a .gitignore excludes;
`sync.include` brings files back, and `sync.exclude` has the last word. `.git` and `.databricks`
never go.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.bundle.paths import Roots
from millpond.bundle.value import Value
from millpond.codes import BUNDLE_PATTERN_EMPTY, BUNDLE_SYNC_EMPTY
from millpond.errors import MillpondError
from millpond.location import Span

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_NEVER = frozenset((".git", ".databricks"))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern as .gitignore has them, relative to the root of the files, and where it stands."""

    text: str
    written: str
    at: Span


@dataclass(frozen=True, slots=True)
class Sync:
    """What is deployed of a bundle's files.

    Attributes:
        root: the folder that all their paths are relative to.
        folders: those below it whose files are taken.
        at: where to point when there are none.
    """

    root: Path
    folders: tuple[Path, ...]
    include: tuple[Pattern, ...]
    exclude: tuple[Pattern, ...]
    at: Span


def read_sync(root: Value, roots: Roots) -> Sync:
    """The bundle's `sync`, its patterns made relative to the root of the files."""
    sync = root.get("sync") or Value({}, root.at)
    paths = sync.get("paths")
    folders = [roots.local(path) for path in (paths.elements() if paths else ()) if path.text]
    return Sync(
        root=roots.sync,
        folders=tuple(dict.fromkeys(folders)) or (roots.bundle,),
        include=tuple(_patterns(sync.get("include"), roots)),
        exclude=tuple(_patterns(sync.get("exclude"), roots)),
        at=sync.name_at,
    )


def synced_files(sync: Sync) -> tuple[list[str], tuple[MillpondError, ...]]:
    """The paths of the files that are deployed, relative to the root, sorted; and warnings.

    A warning is BUNDLE_PATTERN_EMPTY, for a pattern that matches no file, or BUNDLE_SYNC_EMPTY.
    """
    from pathspec import GitIgnoreSpec

    def spec(patterns: tuple[Pattern, ...]) -> GitIgnoreSpec:
        return GitIgnoreSpec.from_lines(pattern.text for pattern in patterns)

    include, exclude = spec(sync.include), spec(sync.exclude)
    used: set[Pattern] = set()
    found = set(_unignored(sync))
    # What is ignored is looked at only if it may be brought back: it may be a large environment.
    everything = set(_walk(sync)) if sync.include else set(found)
    found |= set(_matched(include, sync.include, everything, used))
    excluded = set(_matched(exclude, sync.exclude, found, used))
    warnings = [
        MillpondError(BUNDLE_PATTERN_EMPTY, at=pattern.at, pattern=pattern.written)
        for pattern in (*sync.include, *sync.exclude)
        if pattern not in used
    ]
    files = sorted(found - excluded)
    if not files:
        warnings.append(MillpondError(BUNDLE_SYNC_EMPTY, at=sync.at))
    return files, tuple(warnings)


def _patterns(entries: Value | None, roots: Roots) -> Iterator[Pattern]:
    for entry in entries.elements() if entries else ():
        text = entry.text or ""
        negated, bare = text.startswith("!"), text.removeprefix("!")
        folder = Path(os.path.relpath(entry.at.file.parent, roots.sync)).as_posix()
        if folder != "." and bare:
            # A pattern without a slash matches at any depth below its file's folder.
            anywhere = "**/" if "/" not in bare.rstrip("/") else ""
            normal = os.path.normpath(f"{folder}/{anywhere}{bare.lstrip('/')}")
            bare = "/" + normal + ("/" if bare.endswith("/") else "")
        elif bare.startswith("./"):
            bare = bare[1:]
        yield Pattern(("!" if negated else "") + bare, text, entry.at)


def _matched(
    spec: GitIgnoreSpec, patterns: tuple[Pattern, ...], files: set[str], used: set[Pattern]
) -> Iterator[str]:
    for file in files:
        result = spec.check_file(file)
        if result.index is not None:
            used.add(patterns[result.index])
        if result.include:
            yield file


def _unignored(sync: Sync) -> Iterator[str]:
    ignored = _Ignored(sync.root)
    for folder in sync.folders:
        for place, folders, names in _tree(folder):
            folders[:] = [each for each in folders if not ignored.by_git(f"{place}/{each}/")]
            for name in names:
                if not ignored.by_git(f"{place}/{name}"):
                    yield _relative(f"{place}/{name}", sync.root)


def _walk(sync: Sync) -> Iterator[str]:
    for folder in sync.folders:
        for place, _, names in _tree(folder):
            yield from (_relative(f"{place}/{name}", sync.root) for name in names)


def _tree(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - _NEVER)
        yield place, folders, [name for name in names if os.path.isfile(f"{place}/{name}")]


def _relative(path: str, root: Path) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


class _Ignored:
    """The .gitignore files from the repository's root down, each read once."""

    def __init__(self, root: Path) -> None:
        above = [root, *root.parents]
        tops = [each for each in above if (each / ".git").exists()]
        self._top = str(tops[0] if tops else root)
        self._specs: dict[str, GitIgnoreSpec | None] = {}

    def by_git(self, path: str) -> bool:
        """Whether a path is ignored, a folder's ending in a slash: the nearest file decides."""
        folder = os.path.dirname(path.rstrip("/"))
        while True:
            spec = self._spec(folder)
            result = spec.check_file(path[len(folder) + 1 :]) if spec is not None else None
            if result is not None and result.include is not None:
                return result.include
            if folder == self._top or os.path.dirname(folder) == folder:
                return False
            folder = os.path.dirname(folder)

    def _spec(self, folder: str) -> GitIgnoreSpec | None:
        if folder not in self._specs:
            from pathspec import GitIgnoreSpec

            file = Path(folder, ".gitignore")
            lines = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else None
            made = GitIgnoreSpec.from_lines(lines.splitlines()) if lines is not None else None
            self._specs[folder] = made
        return self._specs[folder]
