"""File patterns as Go's `filepath.Glob` has them, which the CLI uses.

`*` and `?` do not cross a slash, `**` is the same as `*`, a leading dot is not special.
"""

from __future__ import annotations

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
    expression = re.compile(_expression(step), re.DOTALL)
    try:
        names = os.listdir(folder)
    except OSError:
        return
    yield from (folder / name for name in names if expression.fullmatch(name))


def _expression(step: str) -> str:
    parts: list[str] = []
    position = 0
    while position < len(step):
        character = step[position]
        end = step.find("]", position + 2) if character == "[" else -1
        if character == "*":
            if not parts or parts[-1] != "[^/]*":
                parts.append("[^/]*")
        elif character == "?":
            parts.append("[^/]")
        elif end > 0:
            inside = re.sub(r"([\\\[&~|])", r"\\\1", step[position + 1 : end])
            parts.append(f"[{inside}]")
            position = end
        else:
            parts.append(re.escape(character))
        position += 1
    return "".join(parts)
