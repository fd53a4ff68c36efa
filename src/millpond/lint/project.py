"""Read a project for linting: the bundle for its targets, and the source, each file once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from millpond import codes
from millpond.bundle.bundle import ResolvedBundle, resolve_bundle
from millpond.bundle.files import find_root_file, load_files
from millpond.bundle.libraries import files_below, kind_of_source
from millpond.bundle.problems import Problems
from millpond.bundle.project import (
    SOURCE_TARGET,
    Project,
    ProjectKind,
    find_project,
    spec_for_sources,
)
from millpond.bundle.targets import choose_target
from millpond.bundle.value import Value
from millpond.definitions import PipelineSpec, SourceFile, SourceKind
from millpond.errors import Failures, MillpondError
from millpond.graph.static.read import read_source
from millpond.lint.bundle_source import BundleTarget
from millpond.lint.embedded_sql import embedded_sql
from millpond.lint.pipeline import Pipeline
from millpond.lint.python_source import Part, PythonSource
from millpond.lint.sql_source import SqlSource, read_sql
from millpond.load.compiled import Compiled
from millpond.load.program import Program, RunStep, SqlStep, read_program
from millpond.location import Span
from millpond.sources.inputs import LocalInputs, find_inputs, load_inputs

_PLACEHOLDER = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")
_DATASET = re.compile(r"\bCREATE\b.*\b(?:STREAMING|LIVE|MATERIALIZED)\b", re.IGNORECASE)
_NO_DEFINITION = frozenset({"SQL_STATEMENT_WITHOUT_DEFINITION", "NOT_SUPPORTED_YET"})


@dataclass(eq=False)
class LintProject:
    """What there is to judge.

    Attributes:
        folder: what files are shown relative to.
        errors: files that cannot be read, and what is wrong with the bundle.
        unread_targets: targets that cannot be resolved here, with the reason.
    """

    folder: Path
    targets: list[BundleTarget] = field(default_factory=list)
    pipelines: list[Pipeline] = field(default_factory=list)
    python: list[PythonSource] = field(default_factory=list)
    sql: list[SqlSource] = field(default_factory=list)
    errors: list[MillpondError] = field(default_factory=list)
    unread_targets: dict[str, MillpondError] = field(default_factory=dict)

    @property
    def files(self) -> Iterator[Path]:
        """The files of source that were read."""
        found = [*(each.file for each in self.python), *(each.file for each in self.sql)]
        yield from dict.fromkeys(found)


def read_project(
    path: Path,
    *,
    target: str | None = None,
    variables: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> LintProject:
    """Read a bundle, or a file or folder of source.

    Args:
        target: the target whose source and settings are judged; without one, the source is that
            of the default target, and the settings are those of every target.

    Raises:
        MillpondError, Failures: there is nothing that could be read at all.
    """
    project = find_project(path)
    inputs = _inputs(project.folder, target)
    reader = _Reader(LintProject(project.folder), dict(settings or {}), inputs)
    if project.kind is ProjectKind.BUNDLE:
        reader.bundle(project, target, variables or {})
    else:
        reader.source(project)
    return reader.project


class _Reader:
    def __init__(self, project: LintProject, settings: dict[str, str], inputs: LocalInputs) -> None:
        self._inputs = inputs
        self.project = project
        self._settings = settings
        self._programs: dict[Path, Program | None] = {}
        self._sources: dict[Path, list[PythonSource | SqlSource]] = {}
        self._lines: dict[Path, tuple[str, ...]] = {}

    # --- bundles ------------------------------------------------------------------------------

    def bundle(self, project: Project, target: str | None, variables: Mapping[str, str]) -> None:
        problems = Problems()
        root_file = find_root_file(project.path)
        files = load_files(root_file, problems)
        problems.raise_errors()
        chosen = _chosen(files, target)
        resolved = resolve_bundle(
            root_file, problems, target=chosen, variables=variables, files=files
        )
        specs = resolved.specs(problems)
        self.project.errors += problems.errors
        facts = {key: self._pipeline(resolved, key, spec) for key, spec in specs.items()}
        for pipeline in facts.values():
            self._modules(pipeline)
        task_files = self._job_files(resolved)
        started = [(each.file, each.streams) for each in self.project.python if each.streams]
        endless = [file for file, streams in started if any(each.endless for each in streams)]
        found_streams = (frozenset(file for file, _ in started), frozenset(endless))
        for name in self._targets(files, chosen, target):
            found = resolved if name == chosen else self._other(name, root_file, variables, files)
            if found is not None:
                warnings = problems.warnings if name == chosen else ()
                self.project.targets.append(
                    BundleTarget(
                        *(name, found.root, files, root_file, facts),
                        *(*found_streams, task_files, warnings),
                    )
                )

    def _targets(self, files: Value, chosen: str, target: str | None) -> list[str]:
        declared = files.get("targets")
        others = declared.mapping if declared is not None and target is None else {}
        return list(dict.fromkeys((chosen, *others)))

    def _other(
        self, name: str, root_file: Path, variables: Mapping[str, str], files: Value
    ) -> ResolvedBundle | None:
        try:
            return resolve_bundle(
                root_file, Problems(), target=name, variables=variables, files=files
            )
        except Failures as failures:
            self.project.unread_targets[name] = failures.errors[0]
        except MillpondError as error:
            self.project.unread_targets[name] = error
        return None

    def _pipeline(self, resolved: ResolvedBundle, key: str, spec: PipelineSpec) -> Pipeline:
        settings = resolved.root.get("resources", "pipelines", key)
        spec = replace(spec, configuration={**spec.configuration, **self._settings})
        return self._read_pipeline(spec, settings)

    def _modules(self, pipeline: Pipeline) -> None:
        """The modules below a pipeline's root, once the libraries of all pipelines are known."""
        spec = pipeline.spec
        if spec.root_path != spec.project and spec.root_path.is_dir():
            for file in files_below(spec.root_path, (".py",)):
                if file not in self._sources:
                    self._file(file, pipeline, in_pipeline=False)

    def _job_files(self, resolved: ResolvedBundle) -> dict[Span, Path]:
        """The files that tasks run, by the place of the task."""
        found: dict[Span, Path] = {}
        for task in BundleTarget("", resolved.root, resolved.root, resolved.file).tasks():
            path = task.get("notebook_task", "notebook_path") or task.get(
                "spark_python_task", "python_file"
            )
            file = _local(path, resolved) if path is not None else None
            if file is not None:
                found[task.value.at] = file
                self._file(file, None, in_pipeline=False)
        return found

    # --- source -------------------------------------------------------------------------------

    def source(self, project: Project) -> None:
        folder = project.path.is_dir()
        notebooks = list(files_below(project.path, (".ipynb",))) if folder else []
        try:
            spec = spec_for_sources(project.path)
        except MillpondError as error:
            if error.code is not codes.LIBRARY_WITHOUT_SOURCE or not notebooks:
                raise
            spec = replace(spec_for_sources(notebooks[0]), sources=())
        sources = (*spec.sources, *(SourceFile(each, kind_of_source(each)) for each in notebooks))
        unknown = {key: key.rpartition(".")[2] for key in _placeholders(sources)}
        configuration = {**unknown, **self._settings}
        spec = replace(spec, sources=sources, configuration=configuration)
        self._read_pipeline(spec, None, whole=folder)

    def _read_pipeline(
        self, spec: PipelineSpec, settings: Value | None, *, whole: bool = True
    ) -> Pipeline:
        programs: dict[SourceFile, Program] = {}
        for source in spec.sources:
            program = self._program(source.path, source.kind)
            if program is not None:
                programs[source] = program
        kept = replace(spec, sources=tuple(programs))
        reading = read_source(kept, programs)
        pipeline = Pipeline(spec, reading, settings, whole=whole)
        for source in kept.sources:
            self._file(source.path, pipeline, in_pipeline=True)
        self.project.errors += self._told(reading.errors, pipeline, settings is not None)
        self.project.pipelines.append(pipeline)
        return pipeline

    def _told(
        self, errors: Iterable[MillpondError], pipeline: Pipeline, in_bundle: bool
    ) -> Iterator[MillpondError]:
        """Errors of a pipeline; SQL of a folder that defines nothing is no pipeline's."""
        defined = {each.at.file for each in pipeline.datasets}
        asked = in_bundle or not pipeline.whole
        for error in errors:
            file = error.at.file if error.at is not None else None
            ours = asked or error.code is codes.PYTHON_SYNTAX_ERROR or file in defined
            ours = ours or (file is not None and self._is_meant_as_pipeline(file))
            if ours and (in_bundle or error.code.name not in _NO_DEFINITION):
                yield error

    def _is_meant_as_pipeline(self, file: Path) -> bool:
        """Whether a file that cannot be read has words that only a pipeline's SQL has."""
        return any(_DATASET.search(line) for line in self._text(file))

    # --- files --------------------------------------------------------------------------------

    def _program(self, file: Path, kind: SourceKind) -> Program | None:
        if file not in self._programs:
            self._programs[file] = None
            try:
                self._programs[file] = read_program(SourceFile(file, kind), self._inputs)
            except MillpondError as error:
                self.project.errors.append(error)
        return self._programs[file]

    def _file(self, file: Path, pipeline: Pipeline | None, *, in_pipeline: bool) -> None:
        """Add a file, and the notebooks that it runs, to what is judged."""
        program = self._program(file, kind_of_source(file))
        if program is not None:
            self._add(program, pipeline, in_pipeline)

    def _add(self, program: Program, pipeline: Pipeline | None, in_pipeline: bool) -> None:
        """A file of several pipelines is judged once, as one of the first that names it."""
        if program.file not in self._sources:
            found = list(self._read(program, pipeline, in_pipeline))
            self._sources[program.file] = found
        for source in self._sources[program.file]:
            if pipeline is None:
                continue
            if isinstance(source, PythonSource) and source not in pipeline.python:
                pipeline.python.append(source)
            elif isinstance(source, SqlSource) and source not in pipeline.sql:
                pipeline.sql.append(source)
        for step in program.steps:
            if isinstance(step, RunStep) and step.program.file != program.file:
                self._add(step.program, pipeline, in_pipeline)

    def _read(
        self, program: Program, pipeline: Pipeline | None, in_pipeline: bool
    ) -> Iterator[PythonSource | SqlSource]:
        python = tuple(
            Part(step.tree, step.file, self._text(step.file))
            for step in program.steps
            if isinstance(step, Compiled)
        )
        if python:
            source = PythonSource(program.file, python, in_pipeline, pipeline)
            self.project.python.append(source)
            yield source
            embedded = embedded_sql(source)
            if embedded is not None:
                self.project.sql.append(embedded)
                yield embedded
        statements = [step for step in program.steps if isinstance(step, SqlStep)]
        if statements:
            configuration = pipeline.spec.configuration if pipeline is not None else {}
            in_bundle = pipeline is None or pipeline.settings is not None
            sql = read_sql(program.file, statements, configuration, in_bundle=in_bundle)
            sql.in_pipeline, sql.pipeline = in_pipeline, pipeline
            self.project.sql.append(sql)
            yield sql

    def _text(self, file: Path) -> tuple[str, ...]:
        if file not in self._lines:
            self._lines[file] = Span(file, 1).lines()
        return self._lines[file]


def _inputs(folder: Path, target: str | None) -> LocalInputs:
    """Where folders of the workspace are, for `%run`; a run tells what is wrong with the file."""
    try:
        return load_inputs(find_inputs(folder), target or SOURCE_TARGET)
    except (MillpondError, Failures):
        return LocalInputs()


def _chosen(files: Value, target: str | None) -> str:
    """The target whose source is read: where none is the default one, the first."""
    try:
        return choose_target(files, target)
    except MillpondError as error:
        targets = files.get("targets")
        if error.code is not codes.BUNDLE_TARGET_NOT_CHOSEN or targets is None:
            raise
        return next(iter(targets.mapping))


def _local(path: Value, resolved: ResolvedBundle) -> Path | None:
    """The file that a task's path means; None for one in the workspace."""
    try:
        found = resolved.roots.local(path)
    except MillpondError:
        return None
    candidates = [
        found,
        *(found.with_name(found.name + each) for each in (".py", ".ipynb", ".sql")),
    ]
    return next((each for each in candidates if each.suffix and each.is_file()), None)


def _placeholders(sources: Iterable[SourceFile]) -> Iterator[str]:
    """The keys of `${key}` in SQL, which a folder without a bundle gives no values."""
    for source in sources:
        try:
            text = source.path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if "${" in text:
            yield from _PLACEHOLDER.findall(text)
