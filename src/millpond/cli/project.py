"""From PATH and options to the pipeline, its state folder and its local inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from millpond.bundle import (
    Project,
    ProjectKind,
    choose_pipeline,
    find_project,
    load_bundle,
    override,
    spec_for_sources,
)
from millpond.bundle.project import SOURCE_TARGET
from millpond.cli.state import default_state
from millpond.codes import BUNDLE_TARGET_UNKNOWN
from millpond.definitions import PipelineSpec
from millpond.errors import MillpondError

if TYPE_CHECKING:
    from millpond.sources.inputs import LocalInputs


@dataclass(frozen=True, slots=True)
class PipelineChoice:
    """Which pipeline to take, and what to set in it: the options of `run` and `graph`."""

    path: Path
    target: str | None = None
    pipeline: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    catalog: str | None = None
    schema: str | None = None
    inputs: Path | None = None


@dataclass(frozen=True, slots=True)
class OpenProject:
    """A pipeline that is ready to run.

    Attributes:
        state: the state folder, absolute; it need not exist.
        inputs: what `millpond.yml` says for the target.
        sql_arguments: what `millpond sql` needs after the query to find the same folder.
        warnings: what is odd about the bundle.
    """

    spec: PipelineSpec
    state: Path
    inputs: LocalInputs
    sql_arguments: tuple[str, ...] = ()
    warnings: tuple[MillpondError, ...] = ()


def open_project(choice: PipelineChoice, state: Path | None = None) -> OpenProject:
    """The pipeline chosen, with the settings from `millpond.yml` and the command line in it.

    Raises:
        MillpondError, Failures: what is wrong with the bundle, `millpond.yml` or the choice.
        click.UsageError: an option of a bundle was given for source without one.
    """
    project = find_project(choice.path)
    warnings: tuple[MillpondError, ...] = ()
    if project.kind is ProjectKind.BUNDLE:
        bundle = load_bundle(project.path, target=choice.target, variables=choice.variables)
        spec, warnings = choose_pipeline(bundle, choice.pipeline), bundle.warnings
    else:
        spec = _spec_without_bundle(project, choice)
    from millpond.sources.inputs import find_inputs, load_inputs

    inputs = load_inputs(choice.inputs or find_inputs(spec.project), spec.target)
    configuration = {**inputs.configuration, **choice.settings}
    spec = override(spec, catalog=choice.catalog, schema=choice.schema, configuration=configuration)
    folder = state or default_state(spec.project, spec.target)
    return OpenProject(spec, folder.absolute(), inputs, _sql_arguments(choice, state), warnings)


def find_state(path: Path, target: str | None) -> Path:
    """The default state folder of a project's target, without loading the whole of it.

    Raises:
        MillpondError, Failures: there is no project, or its target cannot be told.
    """
    project = find_project(path)
    return default_state(project.folder, target or _default_target(project))


def _spec_without_bundle(project: Project, choice: PipelineChoice) -> PipelineSpec:
    if choice.pipeline is not None or choice.variables:
        raise click.UsageError(
            f"--pipeline and --var are for bundles; there is no databricks.yml in {project.folder}."
        )
    if choice.target not in (None, SOURCE_TARGET):
        raise MillpondError(BUNDLE_TARGET_UNKNOWN, target=choice.target, known=SOURCE_TARGET)
    return spec_for_sources(project.path)


def _default_target(project: Project) -> str:
    if project.kind is not ProjectKind.BUNDLE:
        return SOURCE_TARGET
    from millpond.bundle.files import find_root_file, load_files
    from millpond.bundle.problems import Problems
    from millpond.bundle.targets import choose_target

    problems = Problems()
    root = load_files(find_root_file(project.path), problems)
    problems.raise_errors()
    return choose_target(root, None)


def _sql_arguments(choice: PipelineChoice, state: Path | None) -> tuple[str, ...]:
    if state is not None:
        return ("--state", str(state))
    path = () if choice.path == Path() else (str(choice.path),)
    target = () if choice.target is None else ("--target", choice.target)
    return path + target
