"""Follow a source file step by step: its Python, its SQL, and the notebooks it runs."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING

from millpond.graph.static.modules import module_scope
from millpond.graph.static.site import Source
from millpond.graph.static.sql_steps import follow_statements
from millpond.graph.static.values import Scope
from millpond.load.compiled import Compiled
from millpond.load.packages import PipStep
from millpond.load.program import Program, SqlStep
from millpond.location import Span
from millpond.sql.session import Session

if TYPE_CHECKING:
    from millpond.graph.static.interpreter import Interpreter


def follow_program(run: Interpreter, program: Program, parameters: Mapping[str, str]) -> None:
    """Follow a source file, then the dataset functions that it defined.

    Args:
        parameters: of the pipeline.

    Raises:
        MillpondError: SQL that cannot be cut into statements.
    """
    scope = module_scope(Source(program.file), "__main__", "")
    if program.is_notebook:
        del scope.names["__file__"]
    _follow(run, program, scope, Session.of(run.configuration, parameters))
    run.follow_pending()


def _follow(run: Interpreter, program: Program, scope: Scope, session: Session) -> None:
    for step in program.steps:
        if isinstance(step, Compiled):
            lines = Span(step.file, 1).lines()
            run.execute(_shifted(step.tree, scope.source.add(step.file, lines)).body, scope)
        elif isinstance(step, SqlStep):
            follow_statements(run.declarations, step, session)
        elif not isinstance(step, PipStep):
            _follow(run, step.program, scope, session)


def _shifted(tree: ast.Module, lines: int) -> ast.Module:
    """The tree with its lines counted on by so many; the one given stays as it is."""
    return ast.increment_lineno(copy.deepcopy(tree), lines) if lines else tree
