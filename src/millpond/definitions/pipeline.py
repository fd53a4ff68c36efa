"""A pipeline before its source is read (its settings), and after (its definitions)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from millpond.definitions.dataset import Dataset
from millpond.definitions.event_hook import EventHook
from millpond.definitions.flow import Flow
from millpond.definitions.sink import Sink
from millpond.location import Span
from millpond.notices import Difference


class SourceKind(str, Enum):
    """What language a source file is in."""

    PYTHON = "PYTHON"
    SQL = "SQL"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of pipeline source that the settings' `libraries` select."""

    path: Path
    kind: SourceKind


@dataclass(frozen=True, slots=True)
class PipelineSpec:
    """A pipeline's settings with every variable resolved: what an update needs to start.

    Attributes:
        key: the resource key in the bundle, or the file's or folder's name without one.
        name: the pipeline's display name.
        pipeline_id: stable for one project and target.
        target: the bundle target, or `default` without a bundle.
        catalog, schema: where unqualified names live.
        sources: the files of `libraries`, in order, without duplicates.
        root_path: the folder that is put on `sys.path`.
        configuration: the pipeline's `configuration`; all values are strings.
        project: the folder of the bundle or of the source; errors are shown relative to it.
        settings: the whole resolved resource, for the event log and for linting.
        differences: settings that work otherwise in a local run.
        at: the resource in its file, or None without a bundle.
        jobs: by their keys, the settings of the bundle's jobs that run it.
    """

    key: str
    name: str
    pipeline_id: str
    target: str
    catalog: str
    schema: str
    sources: tuple[SourceFile, ...]
    root_path: Path
    project: Path
    configuration: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    at: Span | None = None
    jobs: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    @property
    def parameters(self) -> Mapping[str, str]:
        """The pipeline's `parameters`, which SQL sees as `:name`; all values are strings."""
        found = self.settings.get("parameters")
        if not isinstance(found, Mapping):
            return {}
        return {str(key): str(value) for key, value in found.items()}


@dataclass(frozen=True, slots=True)
class Definitions:
    """Everything that the source of one pipeline defines."""

    datasets: tuple[Dataset, ...] = ()
    flows: tuple[Flow, ...] = ()
    sinks: tuple[Sink, ...] = ()
    hooks: tuple[EventHook, ...] = ()
