"""Write source files and load them, without Spark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from millpond.bundle.libraries import kind_of_source
from millpond.definitions import PipelineSpec, SourceFile

Pipeline = Callable[..., PipelineSpec]


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """The pipeline whose sources are the files given that end in `.sql` or start with `source`."""

    def written(
        files: Mapping[str, str], configuration: Mapping[str, str] | None = None
    ) -> PipelineSpec:
        sources: list[SourceFile] = []
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text), encoding="utf-8")
            if name.endswith(".sql") or file.name.startswith("source"):
                sources.append(SourceFile(file, kind_of_source(file)))
        return PipelineSpec(
            key="p",
            name="the pipeline",
            pipeline_id="id",
            target="default",
            catalog="main",
            schema="sales",
            sources=tuple(sources),
            root_path=tmp_path,
            project=tmp_path,
            configuration=configuration or {},
        )

    return written
