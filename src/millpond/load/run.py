"""Run a source file's steps in one namespace, as Databricks does."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from millpond.definitions import PipelineSpec
from millpond.load.compiled import Compiled
from millpond.load.dbutils import DBUtils
from millpond.load.exits import NotebookExit
from millpond.load.packages import PipStep, check_packages
from millpond.load.program import Program, SqlStep
from millpond.load.python import execute
from millpond.load.runtime_modules import in_scope
from millpond.sql.define import Registry
from millpond.sql.session import Session
from millpond.sql.source import read_statements


def run_program(
    program: Program, spec: PipelineSpec, scope: Mapping[str, Any], registry: Registry
) -> str:
    """Run one file on its own; what it defines goes to the registry, in order.

    The file runs as `__main__`: functions it defines are then pickled by value for Spark's
    workers, which cannot import it. A notebook does not know its own path (`__file__`), as on
    Databricks. Meanwhile the working directory is the file's folder.

    Args:
        scope: the names that source finds without importing them.

    Returns:
        What the source gave `dbutils.notebook.exit`, or the empty string.

    Raises:
        MillpondError: at the first thing that goes wrong.
    """
    names = {**scope, "__name__": "__main__", "__builtins__": __builtins__}
    if not program.is_notebook:
        names["__file__"] = str(program.file)
    run = _Run(spec, registry, Session.of(spec.configuration, spec.parameters), names)
    in_scope(scope)
    return run.program(program)


class _Run:
    def __init__(
        self, spec: PipelineSpec, registry: Registry, session: Session, names: dict[str, Any]
    ) -> None:
        self._spec = spec
        self._registry = registry
        self._session = session
        self._names = names
        self._dbutils: DBUtils = names["dbutils"]

    def program(self, program: Program) -> str:
        """Run all steps; `dbutils.notebook.exit` ends this program and none above it."""
        with _working_directory(program.file.parent):
            try:
                for step in program.steps:
                    if isinstance(step, Compiled):
                        execute(step, self._names, self._spec.root_path)
                    elif isinstance(step, SqlStep):
                        self._sql(step)
                    elif isinstance(step, PipStep):
                        if step.has_variables:  # the others were checked before anything ran
                            check_packages(step.magic, self._names)
                    else:
                        self._dbutils.widgets.arguments(step.arguments)
                        self.program(step.program)
            except NotebookExit as end:
                return end.value
        return ""

    def _sql(self, step: SqlStep) -> None:
        read_statements(step.text, step.at, self._session, self._registry, notebook=step.notebook)


@contextmanager
def _working_directory(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
