"""Which `case` of a `match` a run takes, where that can be known."""

from __future__ import annotations

import ast

from millpond.graph.static.known import is_known
from millpond.graph.static.values import Value


def matches(pattern: ast.pattern, subject: Value) -> bool | None:
    """Whether a value matches a pattern of constants, `|` and names; None if that is not known."""
    if isinstance(pattern, ast.MatchAs):
        return True if pattern.pattern is None else matches(pattern.pattern, subject)
    if isinstance(pattern, ast.MatchOr):
        answers = {matches(each, subject) for each in pattern.patterns}
        return True if True in answers else None if None in answers else False
    if not is_known(subject):
        return None
    if isinstance(pattern, ast.MatchSingleton):
        return bool(subject is pattern.value)
    if isinstance(pattern, ast.MatchValue) and isinstance(pattern.value, ast.Constant):
        return bool(subject == pattern.value.value)
    return None


def captured(pattern: ast.pattern) -> list[str]:
    """The names that a pattern binds."""
    found = (
        getattr(each, "name", None) or getattr(each, "rest", None) for each in ast.walk(pattern)
    )
    return [name for name in found if isinstance(name, str)]
