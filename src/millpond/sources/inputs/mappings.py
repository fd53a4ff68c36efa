"""The lines of `millpond.yml`: what one path, table, secret or server is on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from millpond.definitions import QualifiedName
from millpond.location import Span
from millpond.sources.inputs.patterns import NamePattern, weight
from millpond.sources.paths import PathPattern


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

    @property
    def written_key(self) -> str:
        """The key as written."""
        return self.pattern.text

    @property
    def key(self) -> tuple[str, ...]:
        """What a target's mapping replaces: one of the same place."""
        return self.pattern.components

    @property
    def weight(self) -> tuple[int, ...]:
        """The longest match wins, then the most literal one."""
        components = self.pattern.components
        return (len(components), *weight(components))


@dataclass(frozen=True, slots=True)
class TableMapping:
    """One line of `tables`.

    Attributes:
        written: the local path as written.
        local: the file or folder it means, absolute. With a wildcard in the name it is the
            folder that holds the tables; with `is_state` the state folder of another run.
        format, options, schema: how to read it; None or empty where the files tell.
    """

    pattern: NamePattern
    written_key: str
    written: str
    local: Path
    at: Span
    format: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    schema: str | None = None
    is_state: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """What a target's mapping replaces: one of the same name."""
        return self.pattern.key

    @property
    def weight(self) -> tuple[int, ...]:
        """How specific it is."""
        return self.pattern.weight


@dataclass(frozen=True, slots=True)
class OutsideTable:
    """What a table that no pipeline here makes is on this machine.

    Attributes:
        path: a Delta table's folder, a file or folder of data; with `is_state` the state folder
            in which another run keeps the table of this name.
        format: Spark's name for it; empty with `is_state`.
        options: for the reader.
        schema: as DDL, or None to infer it.
        at: the mapping.
    """

    name: QualifiedName
    path: Path
    format: str
    options: Mapping[str, str]
    schema: str | None
    at: Span
    is_state: bool = False


@dataclass(frozen=True, slots=True)
class Secret:
    """One value of `secrets`: text, or the name of an environment variable that holds it."""

    scope: str
    name: str
    at: Span
    text: str | None = field(default=None, repr=False)
    variable: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What a target's secret replaces."""
        return (self.scope, self.name)


@dataclass(frozen=True, slots=True)
class KafkaMapping:
    """One line of `kafka`: a pattern of bootstrap servers, and the local servers."""

    written_key: str
    servers: str
    at: Span

    @property
    def key(self) -> tuple[str, ...]:
        """What a target's mapping replaces."""
        return (self.written_key.casefold(),)

    @property
    def local(self) -> str:
        """What the pattern stands for on this machine."""
        return self.servers

    @property
    def weight(self) -> tuple[int, ...]:
        """How specific it is."""
        return weight([self.written_key])
