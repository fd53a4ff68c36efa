"""File patterns as Go's `filepath.Glob` has them, which the CLI uses.

`*` and `?` do not cross a slash, `**` is the same as `*`, a leading dot is not special.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator
from pathlib import Path

_SPECIAL = re.compile(r"[*?\[]")


def is_pattern(text: str) -> bool:
    """Whether the text has a wildcard in it."""
    return _SPECIAL.search(text) is not None


def expand(folder: Path, pattern: str) -> list[Path]:
    """The files and folders below (or, by `..`, beside) a folder that match, sorted.

    A pattern without wildcards matches the one path it names, if that exists.
    """
    steps = os.path.normpath(pattern).replace(os.sep, "/").split("/")
    found = [folder]
    for step in steps:
        found = [match for each in found for match in _matches(each, step)]
    return sorted(Path(os.path.normpath(path)) for path in found)


def _matches(folder: Path, step: str) -> Iterator[Path]:
    if not is_pattern(step):
        path = folder / step
        if path.exists():
            yield path
        return
    # Go negates with [^x], Python with [!x]; Python's translation does not backtrack.
    expression = re.compile(fnmatch.translate(step.replace("[^", "[!")))
    try:
        names = os.listdir(folder)
    except OSError:
        return
    yield from (folder / name for name in names if expression.match(name))
