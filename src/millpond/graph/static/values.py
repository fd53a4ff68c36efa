"""Values of expressions as far as they are known: plain Python ones, and stand-ins for the rest.

Strings, numbers, booleans, None and containers stand for themselves (a container's items may be
stand-ins). Everything that only a run could know is `UNKNOWN`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from millpond.graph.static.declared import DeclaredDataset, DeclaredExpectation, Read
from millpond.graph.static.site import CallSite, Source

Value = Any
"""A plain Python value, or one of the classes below."""


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("the truth of an unknown value is unknown; ask `truth`")


UNKNOWN = _Unknown()
"""A value that only a run could know."""

UNBOUND = object()
"""What a name that has no value is found as."""


@dataclass(eq=False, slots=True)
class Scope:
    """The names of a module, a class body or a function call, and what surrounds it.

    Attributes:
        module: the scope of the module; None for a module itself.
        outer: where names are looked up that are not bound here.
        redirected: where names live that `global` or `nonlocal` declares.
        returned: the values of the `return` statements that were followed.
        stars: the libraries that a module imports every name of.
        bases: the classes of the user's that a class body builds on.
        yielded: what a generator was seen to give; None where nothing is yielded.
    """

    source: Source
    module: Scope | None = None
    outer: Scope | None = None
    names: dict[str, Value] = field(default_factory=dict)
    redirected: dict[str, Scope] = field(default_factory=dict)
    is_class: bool = False
    returned: list[Value] = field(default_factory=list)
    stars: list[str] = field(default_factory=list)
    bases: list[Class] = field(default_factory=list)
    yielded: list[Value] | None = None

    def find(self, name: str) -> Value:
        """The value of a name here or further out, or `UNBOUND`."""
        scope: Scope | None = self.redirected.get(name, self)
        inside = True
        while scope is not None:
            if name in scope.names and (inside or not scope.is_class):
                return scope.names[name]
            inside = False
            scope = scope.outer
        return UNBOUND

    def bind(self, name: str, value: Value) -> None:
        """Give a name a value, where `global` or `nonlocal` says or here."""
        self.redirected.get(name, self).names[name] = value


@dataclass(eq=False, slots=True)
class Function:
    """A function or lambda of the user's.

    Attributes:
        defaults: of its parameters, evaluated when it was defined.
        expectations: of the decorators put on it so far, in the order written.
        certain: whether all its decorators are understood.
        expectations_known: whether `expectations` is all of them.
        binding: `static`, `class` or `property` if a decorator of that name is on it.
        renamed: its `__name__` where something gave it another one, as `functools.wraps` does.
    """

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    defaults: dict[str, Value]
    expectations: list[DeclaredExpectation] = field(default_factory=list)
    certain: bool = True
    expectations_known: bool = True
    binding: str | None = None
    renamed: Value = None

    @property
    def name(self) -> Value:
        """The function's name, as a dataset takes it."""
        if self.renamed is not None:
            return self.renamed
        return "<lambda>" if isinstance(self.node, ast.Lambda) else self.node.name


@dataclass(eq=False, slots=True)
class Class:
    """A class of the user's.

    Attributes:
        fields: those of a dataclass, in order; None for others.
        members: those of an enumeration, in order.
    """

    name: str
    scope: Scope
    fields: tuple[str, ...] | None
    understood: bool = True
    members: list[Instance] = field(default_factory=list)


@dataclass(slots=True)
class Instance:
    """An object of a class of the user's."""

    of: Class
    names: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Super:
    """`super()`: an object as the classes above one of its classes see it."""

    bases: tuple[Class, ...]
    instance: Instance


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the user's."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class Library:
    """Something imported from elsewhere, by its dotted path."""

    path: str


@dataclass(frozen=True, slots=True)
class Session:
    """A Spark session."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A Spark session's `conf`."""


@dataclass(frozen=True)
class Reader:
    """`spark.read` or `spark.readStream`, with what it was told so far."""

    streaming: bool
    format: Value = None
    options: tuple[tuple[str, Value], ...] = ()

    def option(self, key: str) -> Value:
        """The last value of an option, None if it was not set."""
        found = [value for name, value in self.options if name.casefold() == key.casefold()]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Frame:
    """A DataFrame, or a column or grouping made from one.

    Attributes:
        reads: what it is made from.
        understood: whether that is all it is made from.
        grouped: whether it is a grouping, whose `count` is a frame.
    """

    reads: tuple[Read, ...] = ()
    understood: bool = True
    grouped: bool = False


@dataclass(frozen=True)
class Method:
    """An attribute that is about to be called: `owner.name(...)`."""

    owner: Value
    name: str


@dataclass(frozen=True)
class Partial:
    """A callable with its first arguments given: a bound method, or `functools.partial`."""

    function: Value
    arguments: tuple[Value, ...]
    named: tuple[tuple[str, Value], ...] = ()


@dataclass(eq=False, slots=True)
class Decorator:
    """A call of the pipeline API that waits for its function: `dlt.table(name="a")`."""

    feature: str
    arguments: dict[str, Value]
    site: CallSite


@dataclass(eq=False, slots=True)
class Placeholder:
    """What a dataset function is replaced by; None where its dataset has no known name."""

    dataset: DeclaredDataset | None
