"""What is known of the value of an expression."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from millpond.graph.static import operators, targets
from millpond.graph.static.attributes import attribute, item
from millpond.graph.static.definitions import function_value
from millpond.graph.static.imports import unbound
from millpond.graph.static.known import either, items_of, key_of, truth
from millpond.graph.static.site import CallSite
from millpond.graph.static.values import UNBOUND, UNKNOWN, Instance, Library, Scope, Super, Value

if TYPE_CHECKING:
    from millpond.graph.static.interpreter import Interpreter

_SUPER = Library("builtins.super")


def evaluate(run: Interpreter, node: ast.expr, scope: Scope) -> Value:
    """What is known of an expression's value; what it reads or defines on the way is noted."""
    follow = _EXPRESSIONS.get(type(node))
    return follow(run, node, scope) if follow is not None else UNKNOWN


def _constant(run: Interpreter, node: ast.Constant, scope: Scope) -> Value:
    return UNKNOWN if isinstance(node.value, (complex, type(...))) else node.value


def _name(run: Interpreter, node: ast.Name, scope: Scope) -> Value:
    value = scope.find(node.id)
    return value if value is not UNBOUND else unbound(node.id, scope)


def _attribute(run: Interpreter, node: ast.Attribute, scope: Scope) -> Value:
    return attribute(run, run.evaluate(node.value, scope), node.attr)


def _subscript(run: Interpreter, node: ast.Subscript, scope: Scope) -> Value:
    owner = run.evaluate(node.value, scope)
    return item(owner, run.evaluate(node.slice, scope))


def _slice(run: Interpreter, node: ast.Slice, scope: Scope) -> Value:
    parts = [
        None if part is None else run.evaluate(part, scope)
        for part in (node.lower, node.upper, node.step)
    ]
    return slice(*parts) if all(isinstance(p, (int, type(None))) for p in parts) else UNKNOWN


# --- calls ------------------------------------------------------------------------------------


def _call(run: Interpreter, node: ast.Call, scope: Scope) -> Value:
    function = run.evaluate(node.func, scope)
    if function == _SUPER and not node.args:
        return _super(scope)
    arguments, named = call_arguments(run, node, scope)
    return run.call(function, arguments, named, CallSite(node, scope.source))


def _super(scope: Scope) -> Value:
    """`super()` in a method: the classes that the class around it builds on."""
    method = scope
    while method.outer is not None and not method.outer.is_class:
        method = method.outer
    instance = next(iter(method.names.values()), UNKNOWN)
    if method.outer is None or not isinstance(instance, Instance):
        return UNKNOWN
    return Super(tuple(method.outer.bases), instance)


def call_arguments(
    run: Interpreter, node: ast.Call, scope: Scope
) -> tuple[list[Value], dict[str, Value]]:
    """The arguments of a call. What `*x` and `**x` of unknown content give is left out."""
    arguments: list[Value] = []
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            value = run.evaluate(argument.value, scope)
            items = items_of(value)
            arguments.extend([UNKNOWN] if items is None else items)
        else:
            arguments.append(run.evaluate(argument, scope))
    named: dict[str, Value] = {}
    for keyword in node.keywords:
        value = run.evaluate(keyword.value, scope)
        if keyword.arg is not None:
            named[keyword.arg] = value
        elif isinstance(value, dict):
            named.update(
                {key if isinstance(key, str) else "**": each for key, each in value.items()}
            )
        else:
            named["**"] = UNKNOWN
    return arguments, named


# --- text -------------------------------------------------------------------------------------


def _joined(run: Interpreter, node: ast.JoinedStr, scope: Scope) -> Value:
    parts = [run.evaluate(part, scope) for part in node.values]
    return "".join(parts) if all(isinstance(part, str) for part in parts) else UNKNOWN


def _formatted(run: Interpreter, node: ast.FormattedValue, scope: Scope) -> Value:
    value = run.evaluate(node.value, scope)
    specification = "" if node.format_spec is None else run.evaluate(node.format_spec, scope)
    return operators.formatted(value, node.conversion, specification)


# --- operators --------------------------------------------------------------------------------


def _binary(run: Interpreter, node: ast.BinOp, scope: Scope) -> Value:
    left, right = run.evaluate(node.left, scope), run.evaluate(node.right, scope)
    return operators.binary(node.op, left, right)


def _unary(run: Interpreter, node: ast.UnaryOp, scope: Scope) -> Value:
    value = run.evaluate(node.operand, scope)
    if isinstance(node.op, ast.Not):
        known = truth(value)
        return UNKNOWN if known is None else not known
    return operators.unary(node.op, value)


def _compare(run: Interpreter, node: ast.Compare, scope: Scope) -> Value:
    left = run.evaluate(node.left, scope)
    for kind, operand in zip(node.ops, node.comparators, strict=True):
        right = run.evaluate(operand, scope)
        result = operators.compare(kind, left, right)
        if result is not True:
            return result
        left = right
    return True


def _boolean(run: Interpreter, node: ast.BoolOp, scope: Scope) -> Value:
    stops_at = isinstance(node.op, ast.Or)
    possible: list[Value] = []
    for operand in node.values:
        with run.doubting(bool(possible)):
            value = run.evaluate(operand, scope)
        known = truth(value)
        if known is stops_at:
            return either([*possible, value])
        if known is None:
            possible.append(value)
    return either([*possible, value])


def _conditional(run: Interpreter, node: ast.IfExp, scope: Scope) -> Value:
    condition = truth(run.evaluate(node.test, scope))
    if condition is not None:
        return run.evaluate(node.body if condition else node.orelse, scope)
    with run.doubting():
        return either([run.evaluate(node.body, scope), run.evaluate(node.orelse, scope)])


def _yield(run: Interpreter, node: ast.Yield | ast.YieldFrom, scope: Scope) -> Value:
    """Note what a generator gives, which is taken to be asked for all of it."""
    value = None if node.value is None else run.evaluate(node.value, scope)
    given = items_of(value) if isinstance(node, ast.YieldFrom) else [value]
    if given is None or not run.certain:
        given = [UNKNOWN]
    scope.yielded = [*(scope.yielded or ()), *given]
    return UNKNOWN


def _walrus(run: Interpreter, node: ast.NamedExpr, scope: Scope) -> Value:
    value = run.evaluate(node.value, scope)
    targets.assign(run, node.target, value, scope)
    return value


# --- containers -------------------------------------------------------------------------------


def _items(run: Interpreter, nodes: Sequence[ast.expr], scope: Scope) -> list[Value]:
    values: list[Value] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            items = items_of(run.evaluate(node.value, scope))
            values.extend([UNKNOWN] if items is None else items)
        else:
            values.append(run.evaluate(node, scope))
    return values


def _dictionary(run: Interpreter, node: ast.Dict, scope: Scope) -> Value:
    found: dict[Value, Value] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        known = run.evaluate(value, scope)
        if key is not None:
            found[key_of(run.evaluate(key, scope))] = known
        elif isinstance(known, dict):
            found.update(known)
        else:
            found[UNKNOWN] = UNKNOWN
    return found


def _comprehension(
    run: Interpreter,
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
    scope: Scope,
) -> Value:
    inner = Scope(scope.source, scope.module, scope)
    results: list[Value] = []
    known = True
    for certain in _rounds(run, node.generators, inner):
        known = known and certain
        with run.doubting(not certain):
            if isinstance(node, ast.DictComp):
                pair = (run.evaluate(node.key, inner), run.evaluate(node.value, inner))
                results.append((key_of(pair[0]), pair[1]))
            else:
                results.append(run.evaluate(node.elt, inner))
    if not known:
        return operators.made_of(results, understood=False)
    if isinstance(node, ast.DictComp):
        return dict(results)
    return {key_of(each) for each in results} if isinstance(node, ast.SetComp) else results


def _rounds(
    run: Interpreter, generators: Sequence[ast.comprehension], scope: Scope
) -> Iterator[bool]:
    """Bind the names of each round of a comprehension; gives whether the round is certain."""
    if not generators:
        yield True
        return
    first = generators[0]
    items = items_of(run.evaluate(first.iter, scope))
    for each in [UNKNOWN] if items is None else items:
        targets.assign(run, first.target, each, scope)
        conditions = [truth(run.evaluate(test, scope)) for test in first.ifs]
        if False not in conditions:
            for certain in _rounds(run, generators[1:], scope):
                yield certain and items is not None and None not in conditions


_EXPRESSIONS: dict[type[ast.expr], Callable[[Interpreter, Any, Scope], Value]] = {
    ast.Attribute: _attribute,
    ast.Await: lambda run, node, scope: run.evaluate(node.value, scope),
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.Call: _call,
    ast.Compare: _compare,
    ast.Constant: _constant,
    ast.Dict: _dictionary,
    ast.DictComp: _comprehension,
    ast.FormattedValue: _formatted,
    ast.GeneratorExp: _comprehension,
    ast.IfExp: _conditional,
    ast.JoinedStr: _joined,
    ast.Lambda: function_value,
    ast.List: lambda run, node, scope: _items(run, node.elts, scope),
    ast.ListComp: _comprehension,
    ast.Name: _name,
    ast.NamedExpr: _walrus,
    ast.Set: lambda run, node, scope: set(map(key_of, _items(run, node.elts, scope))),
    ast.SetComp: _comprehension,
    ast.Slice: _slice,
    ast.Subscript: _subscript,
    ast.Tuple: lambda run, node, scope: tuple(_items(run, node.elts, scope)),
    ast.UnaryOp: _unary,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
}
"""Other expressions have values that only a run knows."""
