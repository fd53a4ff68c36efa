"""Streams that are started by hand: `writeStream ... start()` outside of dataset functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from millpond.lint.frame import Frame, Step

if TYPE_CHECKING:
    from millpond.lint.python_source import PythonSource

_STARTS = ("start", "toTable", "table")
WRITES = ("save", "saveAsTable", "insertInto", "parquet", "json", "csv", "orc", "jdbc", "text")


@dataclass(frozen=True, eq=False)
class RawStream:
    """One stream.

    Attributes:
        start: what starts it.
        options: of the writer, by key in lower case; the expressions of their values.
        open_options: whether there may be further options.
    """

    frame: Frame
    start: Step
    settings: dict[str, Step]
    options: dict[str, ast.expr]
    open_options: bool

    @property
    def endless(self) -> bool:
        """Whether it does not end by itself."""
        trigger = self.settings.get("trigger")
        given = {each.arg for each in trigger.call.keywords} if trigger is not None else set()
        return not given & {"availableNow", "once", None}

    @property
    def call(self) -> ast.Call:
        """The call that starts it."""
        return self.start.call


def raw_streams(source: PythonSource) -> Iterator[RawStream]:
    """The streams that a file starts by hand, each once."""
    seen: set[ast.AST] = set()
    for frame in source.frames:
        first = frame.index("writeStream")
        if first is None or frame.origin.streaming is False:
            continue
        steps = frame.steps[first + 1 :]
        start = next((step for step in steps if step.name in _STARTS), None)
        if start is None or start.node in seen or source.dataset_of(start.node) is not None:
            continue
        seen.add(start.node)
        options, more = _options(source, steps)
        settings = {step.name: step for step in steps}
        yield RawStream(frame, start, settings, options, more)


def _options(source: PythonSource, steps: tuple[Step, ...]) -> tuple[dict[str, ast.expr], bool]:
    found: dict[str, ast.expr] = {}
    more = False
    for step in steps:
        call = step.call
        if step.name == "option" and len(call.args) > 1:
            key = source.text(call.args[0])
            more = more or key is None
            found[(key or "").casefold()] = call.args[1]
        elif step.name in ("options", *_STARTS):
            for each in call.keywords:
                if each.arg is not None:
                    found[each.arg.casefold()] = each.value
                elif (given := source.dictionary(each.value)) is not None:
                    found.update(given)
                else:
                    more = True
    return found, more


def batch_functions(
    source: PythonSource,
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda]:
    """The functions that `foreachBatch` and `foreach_batch_sink` call with each batch."""
    by_name = {each.name: each for each in source.functions}
    found: dict[ast.AST, None] = {}
    for call in source.all(ast.Call):
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "foreachBatch":
            continue
        given = call.args[0] if call.args else None
        if isinstance(given, ast.Lambda):
            found[given] = None
        name = getattr(given, "attr", None) or getattr(given, "id", None)
        if isinstance(name, str) and name in by_name:
            found[by_name[name]] = None
    for each in source.decorated:
        if each.decorator(frozenset({"foreach_batch_sink"})) is not None:
            found[each.node] = None
    yield from found  # type: ignore[misc]
