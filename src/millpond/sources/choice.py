"""From a path and options to a pipeline, with what `millpond.yml` says for it in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from millpond import codes
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
from millpond.definitions import PipelineSpec
from millpond.errors import MillpondError
from millpond.sources.inputs import LocalInputs, find_inputs, load_inputs


@dataclass(frozen=True, slots=True)
class PipelineChoice:
    """Which pipeline to take, and what to set in it.

    Attributes:
        path: a bundle, or a file or folder of source without one.
        target, pipeline, variables: of a bundle; target and pipeline may stay out where there
            is a default or only one.
        configuration: laid over the pipeline's own, and over that of `millpond.yml`.
        catalog, schema: where unqualified names live; None keeps the pipeline's.
        inputs: the file to read instead of the `millpond.yml` beside the project.
    """

    path: Path
    target: str | None = None
    pipeline: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    configuration: Mapping[str, str] = field(default_factory=dict)
    catalog: str | None = None
    schema: str | None = None
    inputs: Path | None = None


@dataclass(frozen=True, slots=True)
class ChosenPipeline:
    """A pipeline as it is to be run.

    Attributes:
        inputs: what `millpond.yml` says for the target.
        warnings: what is odd about the bundle.
    """

    spec: PipelineSpec
    inputs: LocalInputs
    warnings: tuple[MillpondError, ...] = ()


def choose(choice: PipelineChoice) -> ChosenPipeline:
    """Load the project and `millpond.yml`.

    Raises:
        MillpondError, Failures: what is wrong with the bundle, `millpond.yml` or the choice.
    """
    project = find_project(choice.path)
    warnings: tuple[MillpondError, ...] = ()
    if project.kind is ProjectKind.BUNDLE:
        bundle = load_bundle(project.path, target=choice.target, variables=choice.variables)
        spec, warnings = choose_pipeline(bundle, choice.pipeline), bundle.warnings
        targets = bundle.targets
    else:
        spec = _spec_without_bundle(project, choice)
        targets = (SOURCE_TARGET,)
    inputs = load_inputs(choice.inputs or find_inputs(spec.project), spec.target, targets)
    configuration = {**inputs.configuration, **choice.configuration}
    spec = override(spec, catalog=choice.catalog, schema=choice.schema, configuration=configuration)
    return ChosenPipeline(spec, inputs, warnings)


def _spec_without_bundle(project: Project, choice: PipelineChoice) -> PipelineSpec:
    if choice.pipeline is not None or choice.variables:
        given = "a pipeline's name" if choice.pipeline is not None else "variables"
        raise MillpondError(codes.BUNDLE_REQUIRED, given=given, folder=project.folder)
    if choice.target not in (None, SOURCE_TARGET):
        raise MillpondError(codes.BUNDLE_TARGET_UNKNOWN, target=choice.target, known=SOURCE_TARGET)
    return spec_for_sources(project.path)
