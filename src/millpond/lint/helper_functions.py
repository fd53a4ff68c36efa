"""Plain functions of a file that frames pass through, and what a call binds their parameters to."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from millpond.lint.frame import Frame

Function = ast.FunctionDef | ast.AsyncFunctionDef
MAX_DEPTH = 3
"""Calls within calls that are followed."""


def helpers(trees: Iterable[ast.Module]) -> dict[str, ast.FunctionDef]:
    """The functions at the top of a file that have no decorators and a name of their own."""
    found: dict[str, list[ast.FunctionDef]] = {}
    for tree in trees:
        for each in tree.body:
            if isinstance(each, ast.FunctionDef):
                found.setdefault(each.name, []).append(each)
    return {
        name: each[0]
        for name, each in found.items()
        if len(each) == 1 and not each[0].decorator_list and not _is_generator(each[0])
    }


def returned_once(function: Function) -> bool:
    """Whether a function gives what its one `return` says."""
    returns = [each for each in ast.walk(function) if isinstance(each, ast.Return)]
    inner = [each for each in ast.walk(function) if isinstance(each, (ast.FunctionDef, ast.Lambda))]
    return len(returns) == 1 and len(inner) == 1


def bound(
    function: Function, call: ast.Call, frame_of: Callable[[ast.expr], Frame | None]
) -> dict[str, Frame]:
    """The parameters that a call gives frames."""
    parameters = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    given = dict(_arguments(parameters, call))
    frames = {name: frame_of(value) for name, value in given.items()}
    return {name: frame for name, frame in frames.items() if frame is not None}


def _arguments(parameters: list[str], call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    for name, value in zip(parameters, call.args, strict=False):
        if isinstance(value, ast.Starred):
            break
        yield name, value
    for each in call.keywords:
        if each.arg in parameters:
            yield each.arg, each.value


def _is_generator(function: Function) -> bool:
    return any(isinstance(each, (ast.Yield, ast.YieldFrom)) for each in ast.walk(function))
