"""Operators on known values, within bounds on what their result may weigh."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable
from typing import Any

from millpond.graph.static.declared import merged_reads
from millpond.graph.static.known import frames_in, is_known
from millpond.graph.static.values import UNKNOWN, Frame, Value

MAX_SIZE = 100_000
"""Characters of a string, items of a container, or the like, that are followed."""

_WIDE = re.compile(r"\d{4}")
_PLAIN_PERCENT = re.compile(r"(?:[^%]|%%|%[sdr]|%\(\w+\)[sdr])*")

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda item, container: item in container,
    ast.NotIn: lambda item, container: item not in container,
}
_CONVERSIONS: dict[int, Callable[[Any], str]] = {
    ord("r"): repr,
    ord("s"): str,
    ord("a"): ascii,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.Not: operator.not_,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


def binary(kind: ast.operator, left: Value, right: Value) -> Value:
    """`left + right` and the like."""
    if isinstance(kind, ast.Add) and type(left) is type(right) and isinstance(left, (list, tuple)):
        return left + right if len(left) + len(right) <= MAX_SIZE else UNKNOWN
    if isinstance(kind, ast.BitOr) and isinstance(left, dict) and isinstance(right, dict):
        return {**left, **right}
    combine = _BINARY.get(type(kind))
    if combine is None or not (is_known(left) and is_known(right)):
        return made_of((left, right))
    if not _within_bounds(kind, left, right):
        return UNKNOWN
    return attempted(combine, left, right)


def compare(kind: ast.cmpop, left: Value, right: Value) -> Value:
    """`left < right` and the like."""
    if isinstance(kind, (ast.Is, ast.IsNot)) and None not in (left, right):
        return UNKNOWN
    if isinstance(kind, (ast.Is, ast.IsNot)) and UNKNOWN not in (left, right):
        return _COMPARE[type(kind)](left, right)
    if isinstance(kind, (ast.In, ast.NotIn)) and isinstance(right, dict) and UNKNOWN not in right:
        right = list(right)
    if not (is_known(left) and is_known(right)):
        return made_of((left, right))
    return attempted(_COMPARE[type(kind)], left, right)


def unary(kind: ast.unaryop, value: Value) -> Value:
    """`-value`; `not` is known wherever the truth of its operand is."""
    apply = _UNARY.get(type(kind))
    if apply is None or not is_known(value):
        return made_of((value,))
    return attempted(apply, value)


def formatted(value: Value, conversion: int, specification: Value) -> Value:
    """One `{value!r:spec}` of an f-string."""
    if not is_known(value) or not isinstance(specification, str) or _WIDE.search(specification):
        return UNKNOWN
    convert = _CONVERSIONS.get(conversion)
    shown = value if convert is None else convert(value)
    return attempted(format, shown, specification)


def attempted(function: Callable[..., Any], *arguments: Value) -> Value:
    """What a pure function gives; `UNKNOWN` where it raises, as a run would stop there."""
    try:
        result = function(*arguments)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return UNKNOWN
    return UNKNOWN if isinstance(result, (str, list, tuple)) and len(result) > MAX_SIZE else result


def size(value: Value) -> int:
    """How much a known value weighs: its characters, items or bits."""
    if isinstance(value, int):
        return value.bit_length()
    if isinstance(value, (list, tuple, set, frozenset)):
        return 1 + sum(map(size, value))
    if isinstance(value, dict):
        return 1 + sum(size(key) + size(item) for key, item in value.items())
    return len(value) if isinstance(value, (str, bytes)) else 1


def _within_bounds(kind: ast.operator, left: Value, right: Value) -> bool:
    if isinstance(kind, ast.Mult):
        for whole, times in ((left, right), (right, left)):
            if not isinstance(whole, (int, float)) and isinstance(times, int):
                return size(whole) * max(times, 1) <= MAX_SIZE
    if isinstance(kind, ast.Mod) and isinstance(left, (str, bytes)):
        return isinstance(left, str) and _PLAIN_PERCENT.fullmatch(left) is not None
    return size(left) + size(right) <= MAX_SIZE


def made_of(values: Iterable[Value], *, understood: bool = True) -> Value:
    """What something unknown is that was made from these: a frame if one of them is, or holds one.

    Args:
        understood: whether it is made from nothing else.
    """
    frames = frames_in(values)
    if not frames:
        return UNKNOWN
    return Frame(
        merged_reads(frame.reads for frame in frames),
        understood and all(frame.understood for frame in frames),
    )
