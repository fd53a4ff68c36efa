"""Read every source file of a pipeline and collect what they define."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from millpond import codes
from millpond.api.registry import Registry, collecting
from millpond.definitions import Definitions, PipelineSpec, SourceFile
from millpond.errors import Failures, MillpondError
from millpond.load.dbutils.inputs import Inputs
from millpond.load.packages import check_packages
from millpond.load.program import Program, read_program
from millpond.load.run import run_program
from millpond.load.scope import source_scope
from millpond.sql.session import Session
from millpond.sql.source import read_statements

T = TypeVar("T")
R = TypeVar("R")


def read_programs(spec: PipelineSpec, inputs: Inputs | None = None) -> tuple[Program, ...]:
    """All files of `spec.sources` as far as they can be read without running anything.

    Args:
        inputs: where folders of the workspace are on this machine.

    Raises:
        Failures: what is wrong with the text of the files, all of it: a syntax error, a missing
            notebook or package; and everything in files of SQL.
    """
    return tuple(_each(lambda source: _checked(source, spec, inputs), spec.sources))


def _checked(source: SourceFile, spec: PipelineSpec, inputs: Inputs | None) -> Program:
    """The program of one file, with what only the pipeline's settings or this machine tell."""
    program = read_program(source, inputs)
    for install in program.installs:
        if not install.has_variables:
            check_packages(install.magic, {})
    if not program.is_notebook:
        for step in program.statements:
            session = Session.of(spec.configuration, spec.parameters)
            read_statements(step.text, step.at, session, Registry())
    return program


def load_definitions(
    spec: PipelineSpec, programs: Iterable[Program], session: Any, inputs: Inputs
) -> Definitions:
    """The definitions of all files, each run on its own.

    A file that fails does not stop the others from being run, so that all errors show at once.

    Args:
        session: the Spark session that source finds as `spark`.
        inputs: where the paths and secrets of source are on this machine.

    Raises:
        Failures: the errors of all files, or RUN_EMPTY_PIPELINE if nothing is defined.
    """
    registry = Registry()

    def run(program: Program, scope: Mapping[str, Any]) -> str:
        return run_program(program, spec, scope, registry)

    def act(program: Program) -> str:
        return run(program, source_scope(spec, session, inputs, run))

    with collecting(registry):
        _each(act, programs)
    found = registry.definitions()
    if not found.datasets and not found.sinks:
        empty = MillpondError(
            codes.RUN_EMPTY_PIPELINE, at=spec.at, pipeline=spec.name, files=len(spec.sources)
        )
        raise Failures([empty])
    return found


def _each(act: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Act on all items, and only then raise what went wrong."""
    results: list[R] = []
    errors: list[MillpondError] = []
    for item in items:
        try:
            results.append(act(item))
        except MillpondError as error:
            errors.append(error)
        except Failures as failures:
            errors.extend(failures.errors)
    if errors:
        raise Failures(errors)
    return results
