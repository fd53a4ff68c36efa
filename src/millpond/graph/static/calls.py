"""What is known of the value of a call, by what is called."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from millpond.graph.static import library, methods, spark
from millpond.graph.static.api import apply_decorator, call_feature
from millpond.graph.static.attributes import attribute
from millpond.graph.static.known import either, items_of, truth
from millpond.graph.static.operators import made_of
from millpond.graph.static.site import CallSite
from millpond.graph.static.values import (
    UNBOUND,
    UNKNOWN,
    Class,
    Decorator,
    Frame,
    Function,
    Instance,
    Library,
    Method,
    Partial,
    Placeholder,
    Reader,
    Scope,
    Session,
    Settings,
    Value,
)
from millpond.graph.static.ways import NEXT

if TYPE_CHECKING:
    from millpond.graph.static.interpreter import Interpreter

Arguments = list[Value]
Named = dict[str, Value]


def call(
    run: Interpreter, function: Value, arguments: Arguments, named: Named, site: CallSite
) -> Value:
    """What is known of a call's value; what it defines or reads is noted on the way."""
    if isinstance(function, Function):
        return _call_function(run, function, arguments, named)
    if isinstance(function, Partial):
        given = {**dict(function.named), **named}
        return run.call(function.function, [*function.arguments, *arguments], given, site)
    if isinstance(function, Class):
        return _instance(run, function, arguments, named, site)
    if isinstance(function, Method):
        return _call_method(run, function, arguments, named, site)
    if isinstance(function, Library):
        return _call_library(run, function.path, arguments, named, site)
    if isinstance(function, Decorator):
        return apply_decorator(run, function, arguments[0] if arguments else UNKNOWN)
    if isinstance(function, Placeholder):
        return None
    return _call_unknown(run, arguments, named, site)


# --- functions of the user's ------------------------------------------------------------------


def _call_function(
    run: Interpreter, function: Function, arguments: Arguments, named: Named
) -> Value:
    scope = Scope(function.scope.source, function.scope.module or function.scope, function.scope)
    scope.names.update(_bound(function, arguments, named))
    with run.entered(function) as entered:
        if not entered:
            return made_of((*arguments, *named.values()), understood=False)
        node = function.node
        if isinstance(node, ast.Lambda):
            return run.evaluate(node.body, scope)
        ways = run.execute(node.body, scope)
        if scope.yielded is not None:
            return scope.yielded
        returned = [*scope.returned, *([None] if ways >= NEXT else [])]
        run.returned = returned
        return either(returned)


def _bound(function: Function, arguments: Arguments, named: Named) -> Named:
    """Parameters by name; those that a wrong or unknown call leaves open are unknown."""
    parameters = function.node.args
    positional = [each.arg for each in (*parameters.posonlyargs, *parameters.args)]
    every = [*positional, *(each.arg for each in parameters.kwonlyargs)]
    given = dict(zip(positional, arguments, strict=False))
    given.update({name: value for name, value in named.items() if name in every})
    absent: Value = UNKNOWN if "**" in named else UNBOUND
    for name in every:
        if name not in given:
            given[name] = UNKNOWN if absent is UNKNOWN else function.defaults.get(name, UNKNOWN)
    if parameters.vararg is not None:
        given[parameters.vararg.arg] = tuple(arguments[len(positional) :])
    if parameters.kwarg is not None:
        rest = {name: value for name, value in named.items() if name not in every}
        given[parameters.kwarg.arg] = UNKNOWN if absent is UNKNOWN else rest
    return given


def _instance(
    run: Interpreter, cls: Class, arguments: Arguments, named: Named, site: CallSite
) -> Value:
    made = Instance(cls)
    if cls.fields is not None:
        made.names.update(zip(cls.fields, arguments, strict=False))
        made.names.update(named)
        for name in cls.fields:
            made.names.setdefault(name, cls.scope.names.get(name, UNKNOWN))
        return made
    start = cls.scope.names.get("__init__")
    if isinstance(start, Function):
        run.call(start, [made, *arguments], named, site)
    elif not cls.understood:
        return _call_unknown(run, arguments, named, site)
    return made


# --- everything else --------------------------------------------------------------------------


def _call_method(
    run: Interpreter, method: Method, arguments: Arguments, named: Named, site: CallSite
) -> Value:
    owner = method.owner
    if isinstance(owner, Reader):
        return spark.call_reader(run, owner, method.name, arguments, named, site)
    if isinstance(owner, Frame):
        return spark.call_frame(run, owner, method.name, arguments, named, site)
    if isinstance(owner, Settings):
        return spark.call_settings(run, method.name, arguments, named)
    if isinstance(owner, Session):
        return spark.call_session(run, method.name, arguments, named, site)
    return methods.call_method(run, owner, method.name, arguments, named)


def _call_library(
    run: Interpreter, path: str, arguments: Arguments, named: Named, site: CallSite
) -> Value:
    feature = library.pipeline_feature(path)
    if feature is not None:
        return call_feature(run, feature, arguments, named, site)
    session = library.session_from(path)
    if session is not None:
        return session
    special = _SPECIAL.get(path)
    if special is not None:
        return special(run, arguments, named, site)
    if path.startswith("builtins.") or path in library.PURE_PATHS:
        return library.computed(path, arguments, named)
    if path.startswith("pyspark."):
        return made_of((*arguments, *named.values()))
    return _call_unknown(run, arguments, named, site)


def _call_unknown(run: Interpreter, arguments: Arguments, named: Named, site: CallSite) -> Value:
    """A call of something unknown: it may call what it is given, once, often or never."""
    values = [*arguments, *named.values()]
    with run.doubting():
        for value in values:
            function = value.function if isinstance(value, Partial) else value
            if isinstance(function, Function):
                parameters = len(function.node.args.posonlyargs) + len(function.node.args.args)
                run.call(function, [UNKNOWN] * parameters, {}, site)
    return made_of(values, understood=False)


# --- functions that call others ---------------------------------------------------------------


def _map(run: Interpreter, arguments: Arguments, named: Named, site: CallSite) -> Value:
    columns = [items_of(argument) for argument in arguments[1:]]
    rows = [column for column in columns if column is not None]
    if not columns or len(rows) != len(columns):
        return _call_unknown(run, arguments, named, site)
    return [run.call(arguments[0], list(row), {}, site) for row in zip(*rows, strict=False)]


def _filter(run: Interpreter, arguments: Arguments, named: Named, site: CallSite) -> Value:
    items = items_of(arguments[1]) if len(arguments) == 2 else None
    if items is None:
        return _call_unknown(run, arguments, named, site)
    test = arguments[0]
    kept = [truth(each if test is None else run.call(test, [each], {}, site)) for each in items]
    if None in kept:
        return made_of(items, understood=False)
    return [each for each, keep in zip(items, kept, strict=True) if keep]


def _reduce(run: Interpreter, arguments: Arguments, named: Named, site: CallSite) -> Value:
    items = items_of(arguments[1]) if len(arguments) > 1 else None
    if items is None:
        return _call_unknown(run, arguments, named, site)
    items = [*arguments[2:], *items]
    result = items[0] if items else UNKNOWN
    for each in items[1:]:
        result = run.call(arguments[0], [result, each], {}, site)
    return result


def _partial(run: Interpreter, arguments: Arguments, named: Named, site: CallSite) -> Value:
    if not arguments:
        return UNKNOWN
    return Partial(arguments[0], tuple(arguments[1:]), tuple(named.items()))


def _getattr(run: Interpreter, arguments: Arguments, named: Named, site: CallSite) -> Value:
    if len(arguments) < 2 or not isinstance(arguments[1], str):
        return UNKNOWN
    return attribute(run, arguments[0], arguments[1])


def _wraps(run: Interpreter, arguments: Arguments, named: Named, site: CallSite) -> Value:
    wrapped = arguments[0] if arguments else named.get("wrapped", UNKNOWN)
    return Partial(Library("functools.update_wrapper"), (), (("wrapped", wrapped),))


def _update_wrapper(run: Interpreter, arguments: Arguments, named: Named, site: CallSite) -> Value:
    """The wrapper has the name of what it wraps, and is else what it was."""
    given = {**dict(zip(("wrapper", "wrapped"), arguments, strict=False)), **named}
    wrapper, wrapped = given.get("wrapper", UNKNOWN), given.get("wrapped", UNKNOWN)
    if isinstance(wrapper, Function):
        wrapper.renamed = wrapped.name if isinstance(wrapped, Function) else UNKNOWN
    return wrapper


_SPECIAL = {
    "builtins.filter": _filter,
    "builtins.getattr": _getattr,
    "builtins.isinstance": lambda *_: UNKNOWN,
    "builtins.map": _map,
    "builtins.print": lambda *_: None,
    "dataclasses.dataclass": lambda *_: Library("dataclasses.dataclass"),
    "functools.lru_cache": lambda *_: Library("functools.lru_cache"),
    "functools.partial": _partial,
    "functools.reduce": _reduce,
    "functools.update_wrapper": _update_wrapper,
    "functools.wraps": _wraps,
}
