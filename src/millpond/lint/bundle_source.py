"""A bundle as one of its targets resolves it, as rules see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from millpond.bundle.value import Value
from millpond.errors import MillpondError
from millpond.lint.pipeline import Pipeline
from millpond.location import Span


@dataclass(frozen=True, eq=False)
class PipelineResource:
    """A pipeline's settings.

    Attributes:
        facts: what its source declares; None where that was not read.
    """

    key: str
    value: Value
    target: BundleTarget
    facts: Pipeline | None

    def get(self, *path: str) -> Value | None:
        """A setting, or None; null counts as not given."""
        found = self.value.get(*path)
        return None if found is None or found.data is None else found

    def is_set(self, name: str) -> bool:
        """Whether a setting is true."""
        found = self.get(name)
        return found is not None and found.data is True

    @property
    def clusters(self) -> tuple[Value, ...]:
        """Its clusters."""
        found = self.get("clusters")
        return found.elements() if found is not None else ()

    @property
    def managed(self) -> bool:
        """Whether it is one of managed ingestion, which has no source of its own."""
        return any(self.get(each) for each in ("ingestion_definition", "gateway_definition"))

    @property
    def in_development(self) -> bool:
        """Whether the target makes it a developer's own."""
        return self.target.mode == "development"


@dataclass(frozen=True, eq=False)
class Task:
    """A task of a job."""

    key: str
    value: Value
    job: Value

    def get(self, *path: str) -> Value | None:
        """A setting, or None; null counts as not given."""
        found = self.value.get(*path)
        return None if found is None or found.data is None else found


@dataclass(frozen=True, eq=False)
class BundleTarget:
    """A bundle, resolved for one target.

    Attributes:
        root: all of it, every value with its place.
        files: all of it as it is written, before any target was laid over it.
        raw_streams: the files in which streams are started by hand.
        endless_streams: those of them in which one does not end by itself.
        task_files: the files that tasks run, by the place of the task.
        warnings: what the Databricks CLI would warn about.
    """

    name: str
    root: Value
    files: Value
    file: Path
    facts: Mapping[str, Pipeline] = field(default_factory=dict)
    raw_streams: frozenset[Path] = frozenset()
    endless_streams: frozenset[Path] = frozenset()
    task_files: Mapping[Span, Path] = field(default_factory=dict)
    warnings: tuple[MillpondError, ...] = ()

    @property
    def mode(self) -> str:
        """`development`, `production` or nothing."""
        found = self.root.get("bundle", "mode")
        return (found.text or "") if found is not None else ""

    @property
    def pipelines(self) -> Iterator[PipelineResource]:
        """Its pipelines."""
        found = self.root.get("resources", "pipelines")
        for key, value in (found.mapping if found is not None else {}).items():
            yield PipelineResource(key, value, self, self.facts.get(key))

    @property
    def jobs(self) -> Mapping[str, Value]:
        """Its jobs by key."""
        found = self.root.get("resources", "jobs")
        return found.mapping if found is not None else {}

    def tasks(self) -> Iterator[Task]:
        """The tasks of its jobs, those of loops too."""
        for job in self.jobs.values():
            tasks = job.get("tasks")
            for task in tasks.elements() if tasks is not None else ():
                inner = task.get("for_each_task", "task")
                for each in (task, inner):
                    if each is not None:
                        key = each.get("task_key")
                        yield Task((key.text if key else None) or "", each, job)

    def streams(self, task: Task) -> bool:
        """Whether the file that a task runs starts a stream."""
        return self.task_files.get(task.value.at) in self.raw_streams

    def streams_forever(self, task: Task) -> bool:
        """Whether the file that a task runs starts a stream that does not end by itself."""
        return self.task_files.get(task.value.at) in self.endless_streams
