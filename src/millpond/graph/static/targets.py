"""Assign a value to what stands left of `=`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from millpond.graph.static import operators
from millpond.graph.static.known import items_of, key_of
from millpond.graph.static.values import (
    UNKNOWN,
    Class,
    Function,
    Instance,
    Module,
    Scope,
    Value,
)

if TYPE_CHECKING:
    from millpond.graph.static.interpreter import Interpreter


def assign(run: Interpreter, target: ast.expr, value: Value, scope: Scope) -> None:
    """Bind names, unpack, or set an item or attribute."""
    if isinstance(target, ast.Name):
        scope.bind(target.id, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(run, target.elts, value, scope)
    elif isinstance(target, ast.Starred):
        assign(run, target.value, value, scope)
    elif isinstance(target, ast.Subscript):
        owner = run.evaluate(target.value, scope)
        _set_item(run, owner, run.evaluate(target.slice, scope), value)
    elif isinstance(target, ast.Attribute):
        owner = run.evaluate(target.value, scope)
        _set_attribute(owner, target.attr, value if run.certain else UNKNOWN)


def augment(run: Interpreter, node: ast.AugAssign, scope: Scope) -> None:
    """Follow `a += b`; a list grows in place."""
    added = run.evaluate(node.value, scope)
    if not isinstance(node.target, ast.Name):
        return
    old = scope.find(node.target.id)
    if isinstance(old, list) and isinstance(node.op, ast.Add):
        more = items_of(added)
        old.extend(more if more is not None and run.certain else [UNKNOWN])
        return
    scope.bind(node.target.id, operators.binary(node.op, old, added))


def _unpack(run: Interpreter, targets: list[ast.expr], value: Value, scope: Scope) -> None:
    items = items_of(value)
    starred = [index for index, each in enumerate(targets) if isinstance(each, ast.Starred)]
    if items is not None and starred and len(items) >= len(targets) - 1:
        first, rest = starred[0], len(items) - len(targets) + 1
        items = [*items[:first], items[first : first + rest], *items[first + rest :]]
    if items is None or len(items) != len(targets):
        items = [UNKNOWN] * len(targets)
    for target, item in zip(targets, items, strict=True):
        assign(run, target, item, scope)


def _set_attribute(owner: Value, name: str, value: Value) -> None:
    if isinstance(owner, Instance):
        owner.names[name] = value
    elif isinstance(owner, (Class, Module)):
        owner.scope.names[name] = value
    elif isinstance(owner, Function) and name == "__name__":
        owner.renamed = value


def _set_item(run: Interpreter, owner: Value, key: Value, value: Value) -> None:
    if not run.certain:
        value = UNKNOWN
    if isinstance(owner, dict):
        owner[key_of(key)] = value
    elif isinstance(owner, list):
        if isinstance(key, int) and -len(owner) <= key < len(owner):
            owner[key] = value
        else:
            owner[:] = [UNKNOWN]
