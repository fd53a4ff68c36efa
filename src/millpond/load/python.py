"""Run a Python source file so that its decorators fill the active registry."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from millpond import codes
from millpond.definitions.caller import described, raised_span
from millpond.errors import Failures, MillpondError
from millpond.location import Span
from millpond.spark_message import hint

_NOTEBOOK = "# Databricks notebook source"


def run_python(file: Path, scope: Mapping[str, Any], root: Path) -> None:
    """Execute one file on its own, as Databricks does, with `scope` (`spark`, …) as globals.

    The file runs as `__main__`: functions it defines are then pickled by value for Spark's
    workers, which cannot import it.

    Raises:
        MillpondError: for a syntax error, a missing module, or any exception of the file's own
            code, at the line in question.
    """
    tree = parsed(file)
    try:
        # Without `dont_inherit` the __future__ imports of this very module would apply.
        code = compile(tree, str(file), "exec", dont_inherit=True)
    except (SyntaxError, RecursionError) as error:
        raise _syntax_error(file, error) from error
    names = {**scope, "__name__": "__main__", "__file__": str(file), "__builtins__": __builtins__}
    try:
        exec(code, names)
    except (MillpondError, Failures):
        raise
    except ModuleNotFoundError as error:
        at = raised_span(error) or Span(file, 1)
        raise MillpondError(
            codes.MODULE_NOT_FOUND, at=at, module=error.name or str(error), root=root
        ) from error
    except SyntaxError as error:
        raise _syntax_error(Path(error.filename or file), error) from error
    except (Exception, SystemExit) as error:
        at = raised_span(error) or Span(file, 1)
        raise MillpondError(
            codes.PYTHON_SOURCE_FAILED, at=at, hint=hint(error), error=described(error)
        ) from error


def parsed(file: Path) -> ast.Module:
    """The syntax tree of a file of Python source.

    Raises:
        MillpondError: NOTEBOOK_NOT_SUPPORTED, PYTHON_SYNTAX_ERROR, PYTHON_SOURCE_UNREADABLE.
    """
    text = source_text(file)
    if text.startswith(_NOTEBOOK):
        raise MillpondError(codes.NOTEBOOK_NOT_SUPPORTED, at=Span(file, 1), file=file.name)
    try:
        return ast.parse(text, str(file))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _syntax_error(file, error) from error


def source_text(file: Path) -> str:
    """A file of Python source as text, in the encoding that its first lines declare.

    Raises:
        MillpondError: PYTHON_SOURCE_UNREADABLE.
    """
    try:
        with tokenize.open(file) as source:
            return source.read()
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or f"its text is not in its encoding ({error})"
        raise MillpondError(
            codes.PYTHON_SOURCE_UNREADABLE, at=Span(file, 1), reason=reason
        ) from error


def _syntax_error(file: Path, error: Exception) -> MillpondError:
    if not isinstance(error, SyntaxError):  # a NUL character, or too deep for the parser
        reason = str(error) or "it is nested too deeply"
        return MillpondError(codes.PYTHON_SYNTAX_ERROR, at=Span(file, 1), reason=reason)
    at = Span(file, error.lineno or 1, max(error.offset or 1, 1))
    return MillpondError(codes.PYTHON_SYNTAX_ERROR, at=at, reason=error.msg)
