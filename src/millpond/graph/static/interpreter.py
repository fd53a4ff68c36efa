"""Follow Python source without running it: what is known of every value, and what is defined.

Statements are followed in order, loops over known items and calls of the user's own functions
included, so that a dataset defined in a loop or by a function is found under its real name. No
code of the user's is executed, and nothing is imported. Where a condition is not known both
branches are followed, and what they define or read is marked as not certain.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from millpond import codes
from millpond.codes import Code
from millpond.errors import MillpondError
from millpond.graph.static import calls, expressions, statements
from millpond.graph.static.declared import Declarations, Read, merged_reads
from millpond.graph.static.known import either
from millpond.graph.static.site import CallSite
from millpond.graph.static.values import UNKNOWN, Frame, Function, Scope, Value
from millpond.location import Span

MAX_STEPS = 400_000
"""Expressions and statements that are followed in one file; about a second's worth."""
MAX_DEPTH = 40
"""Calls within calls that are followed."""


class TooMuchError(Exception):
    """The source does more than is followed."""


@dataclass(slots=True)
class Query:
    """The query whose function is being followed, and what it was seen to read."""

    reads: list[Read] = field(default_factory=list)
    understood: bool = True
    views: dict[str, Frame] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Pending:
    function: Value
    site: CallSite
    finish: Callable[[tuple[Read, ...], bool], None]
    versions: bool = False


class Interpreter:
    """The state while the source of one pipeline is followed.

    Attributes:
        declarations: what was found.
        configuration: what `spark.conf.get` gives; the source may change it.
        unknown_settings: keys that the source sets to what is not known.
        modules: gives the scope of a module of the user's, or None if it is none.
        query: the query being followed, None at the top level of a file.
        returned: what the `return` statements of the function that was left last may give.
    """

    def __init__(
        self,
        declarations: Declarations,
        configuration: dict[str, str],
        modules: Callable[[Interpreter, str], Scope | None],
    ) -> None:
        self.declarations = declarations
        self.configuration = configuration
        self.unknown_settings: set[str] = set()
        self.modules = modules
        self.query: Query | None = None
        self.returned: list[Value] = []
        self._pending: list[_Pending] = []
        self._steps = 0
        self._doubts = 0
        self._calls: list[Function] = []

    # --- following ----------------------------------------------------------------------------

    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """What is known of an expression's value."""
        self.step()
        return expressions.evaluate(self, node, scope)

    def execute(self, block: Sequence[ast.stmt], scope: Scope) -> frozenset[str]:
        """Follow a block; the ways in which it may end (see `statements`)."""
        return statements.execute(self, block, scope)

    def call(
        self, function: Value, arguments: list[Value], named: dict[str, Value], site: CallSite
    ) -> Value:
        """What is known of the value of a call."""
        self.step()
        return calls.call(self, function, arguments, named, site)

    def follow_later(
        self,
        function: Value,
        site: CallSite,
        finish: Callable[[tuple[Read, ...], bool], None],
        *,
        versions: bool = False,
    ) -> None:
        """Follow a dataset function at the end of its file.

        Args:
            site: where it becomes a dataset's.
            finish: takes what it reads, and whether that is all it reads.
            versions: whether it gives snapshots: a frame with its version, or None.
        """
        self._pending.append(_Pending(function, site, finish, versions))

    def follow_pending(self) -> None:
        """Follow the dataset functions of a file, now that its names have their last values."""
        while self._pending:
            pending = self._pending[0]
            pending.finish(*self._reads_of(pending))
            self._pending.pop(0)

    def give_up(self) -> None:
        """Take nothing to be known of the dataset functions that were not followed."""
        for pending in self._pending:
            pending.finish((), False)
        self._pending.clear()

    def _reads_of(self, pending: _Pending) -> tuple[tuple[Read, ...], bool]:
        self.query = query = Query()
        try:
            frame = self.call(pending.function, [], {}, pending.site)
        finally:
            self.query = None
        if pending.versions:
            given = [each for each in self.returned if each is not None]
            frames = [each[0] for each in given if isinstance(each, tuple) and each]
            frame = either(frames) if frames and len(frames) == len(given) else UNKNOWN
        is_frame = isinstance(frame, Frame)
        reads = merged_reads((query.reads, frame.reads if is_frame else ()))
        if pending.versions and len({(each.name, each.path) for each in reads}) == 1:
            # Until there is no further snapshot, the one source is what is read.
            reads = tuple(replace(each, certain=self.certain) for each in reads)
        return reads, query.understood and is_frame and frame.understood

    @contextmanager
    def entered(self, function: Function) -> Iterator[bool]:
        """Follow a call of a function; gives False where calls are nested too deeply."""
        if len(self._calls) >= MAX_DEPTH or self._calls.count(function) > 2:
            yield False
            return
        self._calls.append(function)
        try:
            with self.doubting(not function.certain):
                yield True
        finally:
            self._calls.pop()

    # --- certainty ----------------------------------------------------------------------------

    @property
    def certain(self) -> bool:
        """Whether what is being followed is reached in every run."""
        return self._doubts == 0

    @contextmanager
    def doubting(self, doubtful: bool = True) -> Iterator[None]:
        """Mark what is found meanwhile as not certain."""
        self._doubts += doubtful
        try:
            yield
        finally:
            self._doubts -= doubtful

    # --- findings -----------------------------------------------------------------------------

    def read(self, read: Read) -> Frame:
        """Note a read; the frame it gives."""
        if self.query is not None:
            self.query.reads.append(read)
        return Frame((read,))

    def unknown_read(self, site: CallSite) -> Frame:
        """Note that something is read here that cannot be named; the frame it gives."""
        if self.query is not None:
            self.query.understood = False
            self.warn(codes.STATIC_READ_UNKNOWN, site.at)
        return Frame(understood=False)

    def warn(self, code: Code, at: Span, **params: Any) -> None:
        """Add a warning."""
        self.declarations.warn(MillpondError(code, at=at, **params))

    def step(self) -> None:
        """Count what is followed; raises `TooMuchError` when it is too much."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise TooMuchError
