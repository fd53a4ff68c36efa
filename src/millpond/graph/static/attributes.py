"""Attributes and items of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from millpond.graph.static import spark
from millpond.graph.static.library import library_attribute
from millpond.graph.static.operators import attempted, made_of
from millpond.graph.static.site import CallSite
from millpond.graph.static.values import (
    UNBOUND,
    UNKNOWN,
    Class,
    Frame,
    Function,
    Instance,
    Library,
    Method,
    Module,
    Partial,
    Reader,
    Session,
    Settings,
    Super,
    Value,
)

if TYPE_CHECKING:
    from millpond.graph.static.interpreter import Interpreter


def attribute(run: Interpreter, owner: Value, name: str) -> Value:
    """What `owner.name` is."""
    if isinstance(owner, Module):
        return _module_attribute(run, owner, name)
    if isinstance(owner, Library):
        return library_attribute(owner, name)
    if isinstance(owner, Session):
        return spark.session_attribute(owner, name)
    if isinstance(owner, (Instance, Super, Class)):
        return _attribute_of_objects(run, owner, name)
    if isinstance(owner, Frame) and name == "sparkSession":
        return Session()
    if isinstance(owner, Function) and name == "__name__":
        return owner.name
    if isinstance(owner, (Reader, Settings, Frame, str, list, dict, set)):
        return Method(owner, name)
    if isinstance(owner, Method):
        return made_of((owner,))
    return UNKNOWN


def item(owner: Value, key: Value) -> Value:
    """What `owner[key]` is."""
    if isinstance(owner, (list, tuple, str)) and isinstance(key, (int, slice)):
        return attempted(lambda: owner[key])
    if isinstance(owner, dict) and not isinstance(key, slice):
        if key is UNKNOWN or UNKNOWN in owner:
            return UNKNOWN
        return attempted(lambda: owner[key])
    return made_of((owner,))


def _module_attribute(run: Interpreter, owner: Module, name: str) -> Value:
    if name in owner.scope.names:
        return owner.scope.names[name]
    package = owner.scope.names.get("__name__")
    submodule = run.modules(run, f"{package}.{name}")
    return UNKNOWN if submodule is None else Module(submodule)


def _attribute_of_objects(run: Interpreter, owner: Instance | Super | Class, name: str) -> Value:
    if isinstance(owner, Instance):
        return _instance_attribute(run, owner, name)
    if isinstance(owner, Super):
        return _super_attribute(run, owner, name)
    found = owner.scope.names.get(name, UNKNOWN)
    of_class = isinstance(found, Function) and found.binding == "class"
    return Partial(found, (owner,)) if of_class else found


def _instance_attribute(run: Interpreter, owner: Instance, name: str) -> Value:
    if name in owner.names:
        return owner.names[name]
    found = owner.of.scope.names.get(name, UNBOUND)
    if isinstance(found, Function):
        return _bound(run, found, owner)
    return UNKNOWN if found is UNBOUND else found


def _super_attribute(run: Interpreter, owner: Super, name: str) -> Value:
    for base in owner.bases:
        found = base.scope.names.get(name, UNBOUND)
        if isinstance(found, Function):
            return _bound(run, found, owner.instance)
        if found is not UNBOUND:
            return found
    return UNKNOWN


def _bound(run: Interpreter, function: Function, owner: Instance) -> Value:
    if function.binding == "static":
        return function
    if function.binding == "property":
        return run.call(function, [owner], {}, CallSite(function.node, function.scope.source))
    return Partial(function, (owner.of if function.binding == "class" else owner,))
