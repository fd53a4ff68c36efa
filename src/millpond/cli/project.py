"""From PATH and options to the pipeline, its state folder and its local inputs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from millpond.bundle import Project, ProjectKind, find_project
from millpond.bundle.project import SOURCE_TARGET
from millpond.cli.state import default_state
from millpond.definitions import PipelineSpec
from millpond.errors import MillpondError
from millpond.sources.choice import PipelineChoice, choose
from millpond.sources.inputs import LocalInputs


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
    """
    chosen = choose(choice)
    spec = chosen.spec
    folder = (state or default_state(spec.project, spec.target)).absolute()
    arguments = _sql_arguments(choice, state)
    return OpenProject(spec, folder, chosen.inputs, arguments, chosen.warnings)


def find_state(path: Path, target: str | None) -> Path:
    """The default state folder of a project's target, without loading the whole of it.

    Raises:
        MillpondError, Failures: there is no project, or its target cannot be told.
    """
    project = find_project(path)
    return default_state(project.folder, target or _default_target(project))


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
