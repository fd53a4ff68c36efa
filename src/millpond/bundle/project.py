"""What PATH means: a bundle, or pipeline source without one; and settings from the caller."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from millpond.bundle.files import ROOT_NAMES
from millpond.bundle.libraries import SUFFIXES, files_below, kind_of_source
from millpond.bundle.pipelines import DEFAULT_CATALOG, DEFAULT_SCHEMA, pipeline_id
from millpond.codes import LIBRARY_WITHOUT_SOURCE, PATH_NOT_FOUND, SOURCE_KIND_UNSUPPORTED
from millpond.definitions import PipelineSpec, SourceFile
from millpond.errors import MillpondError

SOURCE_TARGET = "default"
"""The target of pipeline source without a bundle."""

_RELATIVE = re.compile(r"^\s*from\s+\.", re.MULTILINE)
_DEFINES = re.compile(r"^@?(?:dlt|dp|sdp)\.", re.MULTILINE)
_NOT_SOURCE = frozenset(("__pycache__", "tests", "node_modules"))


class ProjectKind(Enum):
    """How a project is loaded."""

    BUNDLE = "bundle"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Project:
    """What the user pointed at.

    Attributes:
        kind: a bundle (`load_bundle`) or source without one (`spec_for_sources`).
        path: what to load it from: the root file or folder of a bundle, a file or folder of
            source.
        folder: where the project lives: its state is kept here, errors are shown relative to it.
    """

    kind: ProjectKind
    path: Path
    folder: Path


def find_project(path: Path) -> Project:
    """What a path is: a bundle if it is databricks.yml or a folder with one, source otherwise.

    Raises:
        MillpondError: PATH_NOT_FOUND; SOURCE_KIND_UNSUPPORTED for a file of another kind.
    """
    path = path.expanduser().resolve()
    if not path.exists():
        raise MillpondError(
            PATH_NOT_FOUND,
            hint="Name a bundle's folder, or a file or folder of pipeline source.",
            what="the path",
            path=str(path),
        )
    if path.is_file():
        if path.name in ROOT_NAMES:
            return Project(ProjectKind.BUNDLE, path, path.parent)
        if path.suffix not in SUFFIXES:
            raise MillpondError(SOURCE_KIND_UNSUPPORTED, path=path.name)
        return Project(ProjectKind.SOURCE, path, path.parent)
    is_bundle = any((path / name).is_file() for name in ROOT_NAMES)
    return Project(ProjectKind.BUNDLE if is_bundle else ProjectKind.SOURCE, path, path)


def spec_for_sources(
    path: Path,
    *,
    catalog: str | None = None,
    schema: str | None = None,
    configuration: Mapping[str, str] | None = None,
) -> PipelineSpec:
    """A pipeline of one file of source, or of every such file below a folder: .py, .sql, .ipynb.

    Hidden folders, `tests`, `__pycache__` and virtual environments are left out, and so are files
    of tests and modules of a package that import their neighbours (`from .x import`): these can
    be imported only.

    Raises:
        MillpondError: PATH_NOT_FOUND, SOURCE_KIND_UNSUPPORTED, or LIBRARY_WITHOUT_SOURCE for a
            folder that holds no source.
    """
    project = find_project(path)
    if project.path.is_file():
        if project.path.suffix not in SUFFIXES:
            raise MillpondError(SOURCE_KIND_UNSUPPORTED, path=project.path.name)
        files, key = [project.path], project.path.stem
    else:
        below = files_below(project.path, SUFFIXES, _NOT_SOURCE)
        files = [file for file in below if not _is_test(file) and not _is_module(file)]
        key = project.path.name
        if not files:
            hint = "Name a file or folder of .py, .sql or .ipynb, or a folder with databricks.yml."
            raise MillpondError(LIBRARY_WITHOUT_SOURCE, hint=hint, path=str(project.path))
    return PipelineSpec(
        key=key,
        name=key,
        pipeline_id=pipeline_id(project.folder, SOURCE_TARGET, key),
        target=SOURCE_TARGET,
        catalog=catalog or DEFAULT_CATALOG,
        schema=schema or DEFAULT_SCHEMA,
        sources=tuple(SourceFile(file, kind_of_source(file)) for file in files),
        root_path=project.folder,
        project=project.folder,
        configuration=dict(configuration or {}),
    )


def _is_test(file: Path) -> bool:
    """Whether pytest would take a file for its own."""
    stem = file.stem if file.suffix == ".py" else ""
    return stem == "conftest" or stem.startswith("test_") or stem.endswith("_test")


def _is_module(file: Path) -> bool:
    """Whether a file imports relative to its package, so cannot run on its own, nor means to."""
    if file.suffix != ".py" or not file.with_name("__init__.py").is_file():
        return False
    text = file.read_text(encoding="utf-8", errors="replace")
    return bool(_RELATIVE.search(text)) and not _DEFINES.search(text)


def override(
    spec: PipelineSpec,
    *,
    catalog: str | None = None,
    schema: str | None = None,
    configuration: Mapping[str, str] | None = None,
) -> PipelineSpec:
    """The pipeline with settings from the command line; None keeps what the pipeline has.

    `configuration` is laid over the pipeline's own. The settings that are shown and logged
    say what is run.
    """
    merged = {**spec.configuration, **(configuration or {})}
    settings = dict(spec.settings)
    if catalog is not None:
        settings["catalog"] = catalog
    if schema is not None:
        settings.pop("target", None)
        settings["schema"] = schema
    if configuration:
        settings["configuration"] = merged
    return replace(
        spec,
        catalog=catalog or spec.catalog,
        schema=schema or spec.schema,
        configuration=merged,
        settings=settings,
    )
