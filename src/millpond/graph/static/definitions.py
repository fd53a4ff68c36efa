"""Functions and classes of the user's, as values."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from millpond.graph.static.site import CallSite
from millpond.graph.static.values import (
    UNKNOWN,
    Class,
    Function,
    Instance,
    Library,
    Placeholder,
    Scope,
    Value,
)

if TYPE_CHECKING:
    from millpond.graph.static.interpreter import Interpreter

_BINDINGS = {
    "builtins.staticmethod": "static",
    "builtins.classmethod": "class",
    "builtins.property": "property",
    "functools.cached_property": "property",
}
_TRANSPARENT = frozenset({"functools.cache", "functools.lru_cache", "builtins.staticmethod"})
"""Decorators of libraries that leave a function what it is."""
_DATACLASS = "dataclasses.dataclass"
_NAMED_TUPLE = "typing.NamedTuple"
_ENUMERATIONS = ("enum.Enum", "enum.StrEnum", "enum.IntEnum")


def function_value(
    run: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope
) -> Function:
    """A function as it is defined, without its decorators."""
    positional = [*node.args.posonlyargs, *node.args.args]
    with_default = positional[len(positional) - len(node.args.defaults) :]
    defaults = {
        parameter.arg: run.evaluate(default, scope)
        for parameter, default in zip(with_default, node.args.defaults, strict=True)
    }
    for parameter, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if default is not None:
            defaults[parameter.arg] = run.evaluate(default, scope)
    return Function(node, scope, defaults)


def define_function(
    run: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope
) -> None:
    """Follow `def`: its decorators are evaluated from the top and applied from the bottom."""
    decorators = [(run.evaluate(each, scope), each) for each in node.decorator_list]
    value: Value = function_value(run, node, scope)
    for decorator, expression in reversed(decorators):
        value = _decorated(run, decorator, value, CallSite(expression, scope.source))
    scope.bind(node.name, value)


def _decorated(run: Interpreter, decorator: Value, value: Value, site: CallSite) -> Value:
    if isinstance(decorator, Library) and isinstance(value, Function):
        if decorator.path in _BINDINGS:
            value.binding = _BINDINGS[decorator.path]
            return value
        if decorator.path in _TRANSPARENT:
            return value
    result = run.call(decorator, [value], {}, site)
    if result is UNKNOWN and isinstance(value, (Function, Placeholder)):
        # Most decorators wrap the function and call it, but nothing is known for sure.
        if isinstance(value, Function):
            value.certain = False
        return value
    return result


def define_class(run: Interpreter, node: ast.ClassDef, scope: Scope) -> None:
    """Follow `class`: its body, and whether it is a dataclass or the like."""
    inner = Scope(scope.source, scope.module or scope, scope, is_class=True)
    bases = [run.evaluate(base, scope) for base in node.bases]
    decorators = [run.evaluate(each, scope) for each in node.decorator_list]
    for base in bases:
        if isinstance(base, Class):
            inner.names.update(base.scope.names)
    inner.bases = [base for base in bases if isinstance(base, Class)]
    run.execute(node.body, inner)
    is_record = _is_library(_DATACLASS, decorators) or _is_library(_NAMED_TUPLE, bases)
    inherited = [name for base in bases if isinstance(base, Class) for name in base.fields or ()]
    own = [
        each.target.id
        for each in node.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    ]
    fields = tuple(dict.fromkeys([*inherited, *own])) if is_record else None
    is_enumeration = any(_is_library(path, bases) for path in _ENUMERATIONS)
    understood = all(isinstance(base, Class) for base in bases) or is_record or is_enumeration
    made = Class(node.name, inner, fields, understood)
    if is_enumeration:
        _make_members(made, node)
    scope.bind(node.name, made)


def _make_members(cls: Class, node: ast.ClassDef) -> None:
    """The names of an enumeration stand for its members, not for their values."""
    targets = (each.targets[0] for each in node.body if isinstance(each, ast.Assign))
    for target in targets:
        if isinstance(target, ast.Name) and not target.id.startswith("_"):
            value = cls.scope.names[target.id]
            member = Instance(cls, {"value": value, "name": target.id})
            cls.scope.names[target.id] = member
            cls.members.append(member)


def _is_library(path: str, values: list[Value]) -> bool:
    return any(isinstance(value, Library) and value.path == path for value in values)
