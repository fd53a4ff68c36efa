"""One Spark session for all tests that need one, and a project to run pipelines in."""

from __future__ import annotations

import textwrap
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from millpond.definitions import PipelineSpec, SourceFile, SourceKind

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from millpond.events import Event, UpdateSummary


@pytest.fixture(scope="session")
def spark(millpond_spark: SparkSession) -> SparkSession:
    """The engine's own session, as the plugin starts it."""
    return millpond_spark


@dataclass
class Project:
    """A folder of pipeline source with a state of its own."""

    folder: Path
    spark: SparkSession
    events: list[Event] = field(default_factory=list)

    def write(self, name: str, text: str) -> Path:
        """Write a file of the project, indentation removed."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return file

    def data(self, name: str, rows: list[Any], schema: str) -> str:
        """Append rows to a Delta table outside the pipeline; returns its path."""
        path = str(self.folder / "outside" / name)
        frame = self.spark.createDataFrame(rows, schema).coalesce(1)
        frame.write.format("delta").mode("append").save(path)
        return path

    def run(
        self,
        source: str | Mapping[str, str] | None = None,
        configuration: Mapping[str, str] | None = None,
        settings: Mapping[str, Any] | None = None,
        **request: Any,
    ) -> UpdateSummary:
        """Run an update of `source` (one Python file, or files by name)."""
        from millpond.engine.update import UpdateRequest, run_update
        from millpond.sources.inputs import LocalInputs

        files = {"pipeline.py": source} if isinstance(source, str) else source or {}
        for name, text in files.items():
            self.write(f"source/{name}", text)
        self.events.clear()
        request.setdefault("inputs", LocalInputs())
        return run_update(
            UpdateRequest(self.spec(configuration or {}, settings or {}), self.state, **request),
            self.events.append,
        )

    @property
    def state(self) -> Path:
        """The state folder."""
        return self.folder / "state"

    def spec(
        self, configuration: Mapping[str, str], settings: Mapping[str, Any] | None = None
    ) -> PipelineSpec:
        """The project's pipeline: every source file below `source/`."""
        root = self.folder / "source"
        kinds = {".py": SourceKind.PYTHON, ".sql": SourceKind.SQL}
        sources = tuple(
            SourceFile(file, kinds[file.suffix])
            for file in sorted(root.rglob("*"))
            if file.suffix in kinds and "helpers" not in file.parts
        )
        return PipelineSpec(
            key="test",
            name="test",
            pipeline_id=str(uuid.uuid5(uuid.NAMESPACE_URL, str(self.folder))),
            target="default",
            catalog="main",
            schema="default",
            sources=sources,
            root_path=root,
            project=self.folder,
            configuration=configuration,
            settings=settings or {},
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query over the project's tables, in sorted order."""
        from millpond.engine.query import run_sql

        _, rows = run_sql(self.state, query)
        return sorted(rows, key=repr)


@pytest.fixture
def project(tmp_path: Path, spark: SparkSession) -> Iterator[Project]:
    """A new project, whose tables Spark forgets after the test."""
    from millpond.engine.classic.delta_logs import forget_delta_logs

    yield Project(tmp_path, spark)
    forget_delta_logs(spark)


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory: pytest.TempPathFactory, spark: SparkSession) -> Project:
    """A project for all tests of a module, which only look at what it did."""
    return Project(tmp_path_factory.mktemp("project"), spark)
