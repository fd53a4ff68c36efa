"""What is remembered of a source from one update to the next."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql.types import StructType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from millpond.sources.auto_loader.listing import DataFile

_VERSION = 1
_FILE = "auto_loader.json"


@dataclass(frozen=True, slots=True)
class Observation:
    """What files hold.

    Attributes:
        schema: every field at every level, as spelt, with its inferred type.
        complete: whether nothing can be in the files that is not in `schema`.
    """

    schema: StructType = field(default_factory=lambda: StructType([]))
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Memory:
    """The state of one source.

    Attributes:
        columns: the schema decided so far, before hints; None if none was.
        seen: what the files in `files` hold.
        files: the files observed: path to [modified, size].
        settings: the options that `seen` depends on.
        excluded: the files there were at the very first read, if those are to be left out.
    """

    columns: StructType | None = None
    seen: Observation = field(default_factory=Observation)
    files: Mapping[str, list[int]] = field(default_factory=dict)
    settings: str = ""
    excluded: tuple[str, ...] | None = None

    def unseen(self, files: tuple[DataFile, ...]) -> tuple[DataFile, ...]:
        """The files that have not been observed, or have changed since."""
        return tuple(f for f in files if self.files.get(f.path) != [f.modified, f.size])

    def with_files(self, files: tuple[DataFile, ...], seen: Observation) -> Memory:
        """After these files have been observed."""
        return replace(self, seen=seen, files={f.path: [f.modified, f.size] for f in files})


def recall(store: Path | None) -> Memory:
    """What was remembered; nothing, if there is no memory of this version."""
    file = store / _FILE if store is not None else None
    if file is None or not file.is_file():
        return Memory()
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if data.get("version") != _VERSION:
        return Memory()
    columns = data["columns"]
    excluded = data["excluded"]
    return Memory(
        columns=None if columns is None else StructType.fromJson(columns),
        seen=Observation(StructType.fromJson(data["seen"]), data["complete"]),
        files=data["files"],
        settings=data["settings"],
        excluded=None if excluded is None else tuple(excluded),
    )


def remember(store: Path | None, memory: Memory) -> None:
    """Keep it for the next update, in one step."""
    if store is None:
        return
    data = {
        "version": _VERSION,
        "columns": None if memory.columns is None else memory.columns.jsonValue(),
        "seen": memory.seen.schema.jsonValue(),
        "complete": memory.seen.complete,
        "files": dict(memory.files),
        "settings": memory.settings,
        "excluded": memory.excluded,
    }
    store.mkdir(parents=True, exist_ok=True)
    unfinished = store / f"{_FILE}.{os.getpid()}"
    unfinished.write_text(json.dumps(data), encoding="utf-8")
    os.replace(unfinished, store / _FILE)
