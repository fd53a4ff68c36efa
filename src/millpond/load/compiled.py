"""Python source compiled with the lines and columns of the user's file."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from millpond import codes
from millpond.errors import MillpondError
from millpond.load.cell import Line
from millpond.location import Span


@dataclass(frozen=True, slots=True)
class Compiled:
    """A piece of Python.

    Attributes:
        tree: its syntax tree; lines and columns are those of `file`.
        file: the user's file, or the view of a cell of a notebook in JSON.
    """

    code: CodeType
    tree: ast.Module
    file: Path


def compile_python(lines: Sequence[Line], file: Path, first_line: int = 1) -> Compiled:
    """Compile lines of Python.

    Args:
        first_line: the place of `lines[0]` in the file, counted from 1.

    Raises:
        MillpondError: PYTHON_SYNTAX_ERROR, where Python stopped reading.
    """
    text = "\n" * (first_line - 1) + "\n".join(line.text for line in lines)
    shifts = {first_line + index: line.shift for index, line in enumerate(lines) if line.shift}
    try:
        tree = ast.parse(text, str(file))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise syntax_error(file, error, shifts) from error
    if shifts:
        _shift(tree, shifts)
    try:
        # Without `dont_inherit` the __future__ imports of this very module would apply.
        code = compile(tree, str(file), "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise syntax_error(file, error) from error
    return Compiled(code, tree, file)


def compile_file(file: Path, text: str) -> Compiled:
    """Compile a plain file of Python.

    Raises:
        MillpondError: PYTHON_SYNTAX_ERROR.
    """
    return compile_python([Line(line) for line in text.split("\n")], file)


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


def syntax_error(
    file: Path, error: BaseException, shifts: dict[int, int] | None = None
) -> MillpondError:
    """What Python could not read, at its place in the user's file.

    Args:
        shifts: by line, how many characters stand before what Python was given.
    """
    if not isinstance(error, SyntaxError):  # a NUL character, or too deep for the parser
        reason = str(error) or "it is nested too deeply"
        return MillpondError(codes.PYTHON_SYNTAX_ERROR, at=Span(file, 1), reason=reason)
    line = error.lineno or 1
    column = max(error.offset or 1, 1) + (shifts or {}).get(line, 0)
    at = Span(file, line, column)
    return MillpondError(codes.PYTHON_SYNTAX_ERROR, at=at, reason=error.msg)


def _shift(tree: ast.Module, shifts: dict[int, int]) -> None:
    """Move nodes to where they are in lines whose first characters are not Python."""
    for node in ast.walk(tree):
        line, last = getattr(node, "lineno", None), getattr(node, "end_lineno", None)
        if line is not None:
            node.col_offset += shifts.get(line, 0)  # type: ignore[attr-defined]
        if last is not None:
            node.end_col_offset += shifts.get(last, 0)  # type: ignore[attr-defined]
