"""A bundle, loaded for one target."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from millpond.bundle.files import find_root_file, load_files
from millpond.bundle.jobs import check_jobs, jobs_running
from millpond.bundle.local_paths import check_paths, deployed_paths
from millpond.bundle.paths import Roots, find_roots
from millpond.bundle.permissions import spread_permissions
from millpond.bundle.pipelines import build_spec
from millpond.bundle.problems import Problems
from millpond.bundle.resolve import resolve
from millpond.bundle.suggest import did_you_mean
from millpond.bundle.sync import Sync, read_sync
from millpond.bundle.targets import apply_target, choose_target
from millpond.bundle.value import Value
from millpond.bundle.variables import LookUp, read_overrides, set_values
from millpond.bundle.workspace import User, fill_workspace, local_user
from millpond.codes import (
    BUNDLE_FIELD_MISSING,
    PIPELINE_NOT_CHOSEN,
    PIPELINE_UNKNOWN,
    PIPELINE_WITHOUT_SOURCE,
)
from millpond.definitions import PipelineSpec
from millpond.errors import MillpondError
from millpond.location import Span


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle with one target's overrides in it and every reference resolved.

    Attributes:
        name: `bundle.name`.
        target: the target it was loaded for.
        mode: the target's mode, `development`, `production` or empty.
        file: the root file, databricks.yml; its folder is the project's.
        pipelines: its pipelines by resource key.
        configuration: the whole of it as plain data: `bundle`, `variables`, `resources`, …
        sync: which of its files are deployed.
        places: where each resource stands, by kind and key.
        warnings: what the CLI would warn about, by place.
        targets: the names of all its targets.
    """

    name: str
    target: str
    mode: str
    file: Path
    pipelines: Mapping[str, PipelineSpec]
    configuration: Mapping[str, object]
    sync: Sync
    places: Mapping[tuple[str, str], Span]
    warnings: tuple[MillpondError, ...] = ()
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolvedBundle:
    """A bundle's configuration as one target resolves it, every value with its place.

    Attributes:
        file: the root file.
        targets: the names of all its targets.
    """

    root: Value
    name: str
    target: str
    file: Path
    roots: Roots
    targets: tuple[str, ...] = ()

    def specs(self, problems: Problems) -> Mapping[str, PipelineSpec]:
        """Its pipelines by resource key; what is wrong with them is noted."""
        pipelines = self.root.get("resources", "pipelines")
        return {
            key: build_spec(key, value, target=self.target, roots=self.roots, problems=problems)
            for key, value in (pipelines.mapping if pipelines else {}).items()
        }


def resolve_bundle(
    path: Path,
    problems: Problems,
    *,
    target: str | None = None,
    variables: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
    user: User | None = None,
    deployed: bool = False,
    look_up: LookUp | None = None,
    files: Value | None = None,
) -> ResolvedBundle:
    """A bundle's configuration, for those who look at more than its pipelines.

    Arguments and errors are those of `load_bundle`; what is odd goes into `problems`.

    Args:
        files: what `load_files` gave for it, to resolve one bundle for several targets.
    """
    file = find_root_file(path)
    root = load_files(file, problems) if files is None else files
    problems.raise_errors()
    chosen = choose_target(root, target)
    declared = root.get("targets")
    targets = tuple(declared.mapping) if declared is not None else ()
    root = apply_target(root, chosen, problems)
    overrides = read_overrides(file.parent, chosen, problems)
    environ = os.environ if environ is None else environ
    root = set_values(root, variables or {}, environ, overrides, problems, look_up)
    name = _bundle_name(root, problems)
    problems.raise_errors()
    user = user or local_user()
    roots = find_roots(root, file.parent)
    root = fill_workspace(root, user, None if deployed else str(roots.sync))
    root = spread_permissions(resolve(root, user, file.parent, problems))
    problems.raise_errors()
    files_at = root.get("workspace", "file_path")
    if deployed and files_at is not None:
        roots = replace(roots, deployed=str(files_at.data))
    return ResolvedBundle(root, name, chosen, file, roots, targets or (chosen,))


def load_bundle(
    path: Path,
    *,
    target: str | None = None,
    variables: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
    user: User | None = None,
    deployed: bool = False,
    look_up: LookUp | None = None,
) -> Bundle:
    """Load a bundle as `databricks bundle validate --target T --var name=value` resolves it.

    What is wrong with it is all told at once, as far as it can be known together.

    Args:
        path: databricks.yml or the folder that holds it.
        target: the target to use; the default one if None.
        variables: values of variables, which go before all others.
        environ: where `BUNDLE_VAR_<name>` is looked up; the process environment if None.
        user: who `${workspace.current_user}` is; the local user if None.
        deployed: whether paths are those that the files have in the workspace, instead of
            those that they have here.
        look_up: finds the id of what a variable's lookup names; if None, the name stands
            for the id.

    Raises:
        Failures: everything that is wrong with it, each at its file, line and column.
        MillpondError: BUNDLE_NOT_FOUND, BUNDLE_SEVERAL_ROOTS, BUNDLE_TARGET_UNKNOWN or
            BUNDLE_TARGET_NOT_CHOSEN.
    """
    problems = Problems()
    resolved = resolve_bundle(
        path,
        problems,
        target=target,
        variables=variables,
        environ=environ,
        user=user,
        deployed=deployed,
        look_up=look_up,
    )
    return _checked(resolved, problems, deployed=deployed)


def _checked(resolved: ResolvedBundle, problems: Problems, *, deployed: bool) -> Bundle:
    """A resolved bundle whose paths, jobs and pipelines are found to be right."""
    root, roots = resolved.root, resolved.roots
    resources = root.get("resources") or Value({}, root.at)
    check_paths(resources, roots, problems)
    check_jobs(resources, problems)
    pipelines = resolved.specs(problems)
    problems.raise_errors()
    if deployed:
        root = root.put("resources", deployed_paths(resources, roots))
    mode = root.get("bundle", "mode")
    configuration = root.plain()
    return Bundle(
        name=resolved.name,
        target=resolved.target,
        mode=(mode.text or "") if mode else "",
        file=resolved.file,
        pipelines=pipelines,
        configuration=configuration if isinstance(configuration, dict) else {},
        sync=read_sync(root, roots),
        places=_places(resources),
        warnings=problems.warnings,
        targets=resolved.targets,
    )


def choose_pipeline(bundle: Bundle, key_or_name: str | None = None) -> PipelineSpec:
    """The pipeline with this resource key or display name; the only one if None is given.

    A display name matches with or without the prefix of the target.

    Raises:
        MillpondError: PIPELINE_UNKNOWN; PIPELINE_NOT_CHOSEN if none was named and the bundle
            has several, or has none; PIPELINE_WITHOUT_SOURCE for one of managed ingestion.
    """
    spec = _chosen(bundle, key_or_name)
    if not spec.sources:
        hint = "A pipeline of managed ingestion has no source of its own to run."
        raise MillpondError(PIPELINE_WITHOUT_SOURCE, at=spec.at, hint=hint, pipeline=spec.key)
    return replace(spec, jobs=jobs_running(bundle.configuration, spec.pipeline_id))


def _chosen(bundle: Bundle, key_or_name: str | None) -> PipelineSpec:
    pipelines = bundle.pipelines
    known = ", ".join(pipelines) or "none"
    if key_or_name is None:
        if len(pipelines) == 1:
            return next(iter(pipelines.values()))
        number = len(pipelines) or "no"
        raise MillpondError(
            PIPELINE_NOT_CHOSEN, at=Span(bundle.file, 1), number=number, known=known
        )
    if key_or_name in pipelines:
        return pipelines[key_or_name]
    named = [spec for spec in pipelines.values() if key_or_name in _names(bundle, spec)]
    if len(named) == 1:
        return named[0]
    raise MillpondError(
        PIPELINE_UNKNOWN,
        at=Span(bundle.file, 1),
        hint=did_you_mean(key_or_name, pipelines),
        pipeline=key_or_name,
        known=known,
    )


def _names(bundle: Bundle, spec: PipelineSpec) -> tuple[str, str]:
    presets = bundle.configuration.get("presets")
    prefix = str(presets.get("name_prefix") or "") if isinstance(presets, dict) else ""
    return spec.name, spec.name.removeprefix(prefix)


def _places(resources: Value) -> Mapping[tuple[str, str], Span]:
    return {
        (kind, key): resource.name_at
        for kind, of_kind in resources.mapping.items()
        for key, resource in of_kind.mapping.items()
    }


def _bundle_name(root: Value, problems: Problems) -> str:
    name = root.get("bundle", "name")
    if name is None or not name.text:
        at = name.name_at if name else root.at
        problems.error(BUNDLE_FIELD_MISSING, at, field="bundle.name")
        return ""
    return name.text
