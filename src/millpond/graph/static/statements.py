"""Follow statements. A block may end in several ways, of which a run takes one.

Where a block may end early but need not, what follows it is not certain.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from millpond.graph.static import targets
from millpond.graph.static.definitions import define_class, define_function
from millpond.graph.static.imports import import_from, import_modules
from millpond.graph.static.known import either, items_of, truth
from millpond.graph.static.patterns import captured, matches
from millpond.graph.static.values import UNBOUND, UNKNOWN, Scope, Value
from millpond.graph.static.ways import BREAK, CONTINUE, NEXT, RAISE, RETURN, Ways

if TYPE_CHECKING:
    from millpond.graph.static.interpreter import Interpreter


def execute(run: Interpreter, statements: Sequence[ast.stmt], scope: Scope) -> Ways:
    """Follow a block; the ways in which it may end."""
    ended: Ways = frozenset()
    for index, statement in enumerate(statements):
        ways = _execute(run, statement, scope)
        ended |= ways - NEXT
        if not ways >= NEXT:
            return ended
        if ways != NEXT:
            with run.doubting():
                return ended | execute(run, statements[index + 1 :], scope)
    return ended | NEXT


def _execute(run: Interpreter, statement: ast.stmt, scope: Scope) -> Ways:
    run.step()
    follow = _STATEMENTS.get(type(statement))
    return follow(run, statement, scope) if follow is not None else NEXT


def _branches(run: Interpreter, scope: Scope, branches: Sequence[Callable[[], Ways]]) -> Ways:
    """Follow several blocks of which a run takes one, and bring together what names then mean."""
    before = dict(scope.names)
    outcomes: list[tuple[Ways, dict[str, Value]]] = []
    for branch in branches:
        scope.names.clear()
        scope.names.update(before)
        with run.doubting():
            ways = branch()
        outcomes.append((ways, dict(scope.names)))
    going_on = [names for ways, names in outcomes if ways >= NEXT]
    merged = going_on or [names for _, names in outcomes]
    scope.names.clear()
    for name in dict.fromkeys(name for names in merged for name in names):
        scope.names[name] = either(names[name] for names in merged if name in names)
    return frozenset().union(*(ways for ways, _ in outcomes))


# --- compound statements ----------------------------------------------------------------------


def _if(run: Interpreter, node: ast.If, scope: Scope) -> Ways:
    condition = truth(run.evaluate(node.test, scope))
    if condition is None:
        blocks = (partial(execute, run, block, scope) for block in (node.body, node.orelse))
        return _branches(run, scope, list(blocks))
    return execute(run, node.body if condition else node.orelse, scope)


def _for(run: Interpreter, node: ast.For | ast.AsyncFor, scope: Scope) -> Ways:
    items = items_of(run.evaluate(node.iter, scope))
    if items is None:
        return _unknown_loop(run, node, scope)
    ended: Ways = frozenset()
    for index, item in enumerate(items):
        targets.assign(run, node.target, item, scope)
        ways = execute(run, node.body, scope)
        ended |= ways - NEXT - CONTINUE - BREAK
        if not ways & (NEXT | CONTINUE):
            return ended | (NEXT if ways >= BREAK else frozenset())
        if ways - NEXT - CONTINUE:
            with run.doubting():
                for later in items[index + 1 :]:
                    targets.assign(run, node.target, later, scope)
                    ended |= execute(run, node.body, scope) - CONTINUE - BREAK
            return ended | NEXT
    return ended | execute(run, node.orelse, scope)


def _while(run: Interpreter, node: ast.While, scope: Scope) -> Ways:
    condition = truth(run.evaluate(node.test, scope))
    return NEXT if condition is False else _unknown_loop(run, node, scope)


def _unknown_loop(run: Interpreter, node: ast.For | ast.AsyncFor | ast.While, scope: Scope) -> Ways:
    """A loop whose rounds are not known: it is followed once, as it may be run or not."""

    def once() -> Ways:
        _forget_what_changes(node, scope)
        if not isinstance(node, ast.While):
            targets.assign(run, node.target, UNKNOWN, scope)
        return execute(run, node.body, scope)

    ways = _branches(run, scope, [once, lambda: NEXT])
    _forget_what_changes(node, scope)
    return (ways - CONTINUE - BREAK) | NEXT


def _forget_what_changes(node: ast.For | ast.AsyncFor | ast.While, scope: Scope) -> None:
    """Names that a loop counts or adds up have another value in each round."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.AugAssign) and isinstance(inner.target, ast.Name):
            scope.bind(inner.target.id, UNKNOWN)


def _try(run: Interpreter, node: ast.Try, scope: Scope) -> Ways:
    """The body is taken to succeed; what handlers do besides may happen or not."""
    ways = execute(run, node.body, scope)
    before = dict(scope.names)
    with run.doubting():
        for handler in node.handlers:
            execute(run, handler.body, scope)
    for name in set(scope.names) - set(before):
        before[name] = scope.names[name]
    scope.names.clear()
    scope.names.update(before)
    if ways >= NEXT:
        ways = (ways - NEXT) | execute(run, node.orelse, scope)
    final = execute(run, node.finalbody, scope)
    return ways if final == NEXT else final


def _with(run: Interpreter, node: ast.With | ast.AsyncWith, scope: Scope) -> Ways:
    for item in node.items:
        value = run.evaluate(item.context_expr, scope)
        if item.optional_vars is not None:
            targets.assign(run, item.optional_vars, value, scope)
    return execute(run, node.body, scope)


def _match(run: Interpreter, node: ast.Match, scope: Scope) -> Ways:
    subject = run.evaluate(node.subject, scope)

    def follow(case: ast.match_case) -> Ways:
        whole = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None
        for name in captured(case.pattern):
            scope.bind(name, subject if whole else UNKNOWN)
        return execute(run, case.body, scope)

    possible: list[Callable[[], Ways]] = []
    for case in node.cases:
        answer = matches(case.pattern, subject)
        if answer is True and case.guard is None:
            if not possible:
                return follow(case)
            return _branches(run, scope, [*possible, partial(follow, case)])
        if answer is not False:
            possible.append(partial(follow, case))
    return _branches(run, scope, [*possible, lambda: NEXT])


# --- simple statements ------------------------------------------------------------------------


def _expression(run: Interpreter, node: ast.Expr, scope: Scope) -> Ways:
    run.evaluate(node.value, scope)
    return NEXT


def _assign(run: Interpreter, node: ast.Assign, scope: Scope) -> Ways:
    value = run.evaluate(node.value, scope)
    for target in node.targets:
        targets.assign(run, target, value, scope)
    return NEXT


def _annotated(run: Interpreter, node: ast.AnnAssign, scope: Scope) -> Ways:
    if node.value is not None:
        targets.assign(run, node.target, run.evaluate(node.value, scope), scope)
    return NEXT


def _augmented(run: Interpreter, node: ast.AugAssign, scope: Scope) -> Ways:
    targets.augment(run, node, scope)
    return NEXT


def _delete(run: Interpreter, node: ast.Delete, scope: Scope) -> Ways:
    for target in node.targets:
        if isinstance(target, ast.Name):
            scope.names.pop(target.id, None)
    return NEXT


def _return(run: Interpreter, node: ast.Return, scope: Scope) -> Ways:
    scope.returned.append(run.evaluate(node.value, scope) if node.value is not None else None)
    return RETURN


def _raise(run: Interpreter, node: ast.Raise, scope: Scope) -> Ways:
    return RAISE


def _global(run: Interpreter, node: ast.Global, scope: Scope) -> Ways:
    for name in node.names:
        scope.redirected[name] = scope.module or scope
    return NEXT


def _nonlocal(run: Interpreter, node: ast.Nonlocal, scope: Scope) -> Ways:
    for name in node.names:
        outer = scope.outer
        while outer is not None and name not in outer.names:
            outer = outer.outer
        if outer is not None and scope.find(name) is not UNBOUND:
            scope.redirected[name] = outer
    return NEXT


def _silent(follow: Callable[[Interpreter, Any, Scope], None]) -> Callable[..., Ways]:
    def then_next(run: Interpreter, node: Any, scope: Scope) -> Ways:
        follow(run, node, scope)
        return NEXT

    return then_next


_STATEMENTS: dict[type[ast.stmt], Callable[[Interpreter, Any, Scope], Ways]] = {
    ast.AnnAssign: _annotated,
    ast.Assign: _assign,
    ast.AsyncFor: _for,
    ast.AsyncFunctionDef: _silent(define_function),
    ast.AsyncWith: _with,
    ast.AugAssign: _augmented,
    ast.Break: lambda run, node, scope: BREAK,
    ast.ClassDef: _silent(define_class),
    ast.Continue: lambda run, node, scope: CONTINUE,
    ast.Delete: _delete,
    ast.Expr: _expression,
    ast.For: _for,
    ast.FunctionDef: _silent(define_function),
    ast.Global: _global,
    ast.If: _if,
    ast.Import: _silent(import_modules),
    ast.ImportFrom: _silent(import_from),
    ast.Match: _match,
    ast.Nonlocal: _nonlocal,
    ast.Raise: _raise,
    ast.Return: _return,
    ast.Try: _try,
    ast.While: _while,
    ast.With: _with,
}
"""Other statements change nothing that is followed."""
