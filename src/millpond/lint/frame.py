"""What a DataFrame in source is, as far as can be told: what it reads, what is called on it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

CALLED = "<call>"
"""The name of the step that a call of something unknown leaves."""

COMBINING = frozenset({"join", "crossJoin", "union", "unionAll", "unionByName", "intersect"})


@dataclass(frozen=True, eq=False)
class Origin:
    """What a frame starts with.

    Attributes:
        streaming: None where that is not known.
        node: the read, or the name of a parameter.
        name: of a table that is read by name, if it is known.
        options: of the reader, by key in lower case; the expressions of their values.
        complete: whether the read is made; a reader is still told how to read.
        parameter: the name of a function's parameter that the frame is.
    """

    streaming: bool | None
    node: ast.AST
    format: str | None = None
    name: str | None = None
    path: ast.expr | None = None
    schema: ast.expr | None = None
    options: dict[str, ast.expr] = field(default_factory=dict)
    complete: bool = True
    parameter: str | None = None
    open_options: bool = False

    @property
    def is_auto_loader(self) -> bool:
        """Whether this is `format("cloudFiles")`."""
        return (self.format or "").casefold() == "cloudfiles"


@dataclass(frozen=True, eq=False)
class Step:
    """A method called on a frame.

    Attributes:
        node: the call, or the attribute if it is not called (`write`).
        others: the frames among its arguments.
    """

    name: str
    node: ast.expr
    others: tuple[Frame, ...] = ()

    @property
    def call(self) -> ast.Call:
        """The call; one without arguments where the attribute is not called."""
        if isinstance(self.node, ast.Call):
            return self.node
        return ast.Call(func=self.node, args=[], keywords=[])


@dataclass(frozen=True, eq=False)
class Frame:
    """A frame.

    Attributes:
        function: the function it is made in; None at the top of a module.
        returned: whether a `return` statement gives it.
    """

    origin: Origin
    steps: tuple[Step, ...] = ()
    function: ast.AST | None = None
    returned: bool = False

    @property
    def streaming(self) -> bool | None:
        """Whether it streams: it starts with a stream, or one was joined to it."""
        joined = [o.streaming for s in self.steps if s.name in COMBINING for o in s.others]
        if self.origin.streaming or True in joined:
            return True
        return None if self.origin.streaming is None or None in joined else False

    @property
    def opaque(self) -> bool:
        """Whether something unknown had a hand in it."""
        return any(step.name in (CALLED, "transform") for step in self.steps)

    def index(self, *names: str) -> int | None:
        """The place of the first step of one of these names."""
        return next((i for i, step in enumerate(self.steps) if step.name in names), None)

    def has(self, *names: str) -> bool:
        """Whether it has a step of one of these names."""
        return self.index(*names) is not None

    def find(self, *names: str) -> Step | None:
        """The last step of one of these names."""
        return next((step for step in reversed(self.steps) if step.name in names), None)
