"""What a deployment changes against an earlier one that was written down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from millpond.redaction import masked

_VERSION = 1
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is deployed: the digest of each file, and what was sent for each resource.

    Attributes:
        files: path to digest.
        resources: `kind.key` to the body.
    """

    files: Mapping[str, str]
    resources: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(
        cls, root: Path, files: list[str], bodies: Mapping[tuple[str, str], Mapping[str, Any]]
    ) -> Snapshot:
        """The snapshot of a deployment; secrets in plain text are left out of it."""
        digests = {file: hashlib.sha256((root / file).read_bytes()).hexdigest() for file in files}
        return cls(digests, {".".join(key): masked(body) for key, body in bodies.items()})

    @classmethod
    def read(cls, file: Path) -> Snapshot | None:
        """The snapshot in a file; None if there is none, or one of another version."""
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(found, dict) or found.get("version") != _VERSION:
            return None
        return cls(found["files"], found["resources"])

    def write(self, file: Path) -> None:
        """Write it down."""
        document = {"version": _VERSION, "files": self.files, "resources": self.resources}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(document, indent=1), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one file or resource.

    Attributes:
        action: `create`, `change`, `delete` or `keep`.
        name: the file's path, or `kind.key`.
        fields: of a changed resource: the path of each field, its value before and after;
            None stands for a field that is not there.
    """

    action: str
    name: str
    fields: tuple[tuple[str, object, object], ...] = ()


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What happens to each thing of two mappings, those of `after` in their order."""
    found = [_change(name, before.get(name, _MISSING), value) for name, value in after.items()]
    gone = [Change("delete", name) for name in before if name not in after]
    return (*found, *gone)


def _change(name: str, before: Any, after: Any) -> Change:
    if before is _MISSING:
        return Change("create", name)
    # As it is written down: a tuple is a list there, a key text.
    after = json.loads(json.dumps(after))
    if before == after:
        return Change("keep", name)
    return Change("change", name, tuple(_fields(before, after, "")))


def _fields(before: Any, after: Any, path: str) -> Iterator[tuple[str, object, object]]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            below = f"{path}.{key}" if path else str(key)
            yield from _fields(before.get(key), after.get(key), below)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (left, right) in enumerate(zip(before, after, strict=True)):
            yield from _fields(left, right, f"{path}[{index}]")
    elif before != after:
        yield path, before, after
