"""Files that a test lets arrive in a volume, or under any path that pipeline source reads."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

from millpond import codes
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sources.inputs import LocalInputs, PathMapping
from millpond.sources.paths import PathPattern, components, is_databricks_path

_VOLUME = 5
"""Components of a volume's path: the root, `Volumes`, catalog, schema and volume."""


@dataclass(slots=True)
class Landing:
    """The places of a test's own: volumes, buckets and mounts, each a folder of `folder`."""

    folder: Path
    _places: dict[tuple[str, ...], PathMapping] = field(default_factory=dict)

    def add(self, path: str, content: str | bytes | Path, at: Span) -> Path:
        """Write a file, or copy one or a folder; returns where it is on this machine.

        Raises:
            MillpondError: TEST_PATH_NOT_VALID for a path that is no file in a volume, bucket,
                mount or the like.
        """
        parts = components(path)
        place = parts[: _place_length(parts)]
        if len(parts) <= len(place) and not isinstance(content, Path):
            raise MillpondError(codes.TEST_PATH_NOT_VALID, at=at, path=path)
        if not (is_databricks_path(path) or path.startswith("/")) or ".." in parts:
            raise MillpondError(codes.TEST_PATH_NOT_VALID, at=at, path=path)
        local = self._mapping(place, at).local.joinpath(*parts[len(place) :])
        local.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            _copy(content, local)
        else:
            local.write_bytes(content if isinstance(content, bytes) else content.encode())
        return local

    def over(self, inputs: LocalInputs) -> LocalInputs:
        """The inputs with the test's own places in front: nothing else is found in them."""
        others = tuple(
            entry
            for entry in inputs.paths
            if not any(entry.pattern.components[: len(place)] == place for place in self._places)
        )
        return replace(inputs, paths=(*self._places.values(), *others))

    def _mapping(self, place: tuple[str, ...], at: Span) -> PathMapping:
        if place not in self._places:
            names = [part.strip(":/") for part in place]
            local = self.folder.joinpath(*(name for name in names if name))
            local.mkdir(parents=True, exist_ok=True)
            text = place[0] + "/".join(place[1:])
            self._places[place] = PathMapping(PathPattern(text), str(local), local, at)
        return self._places[place]


def _place_length(parts: tuple[str, ...]) -> int:
    """How much of a path is the place: the volume, the bucket, or the first folder of a root."""
    return _VOLUME if parts[:2] == ("/", "Volumes") else 2


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copyfile(source, target)
