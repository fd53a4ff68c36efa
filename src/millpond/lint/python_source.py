"""One file of Python as rules see it: its syntax trees, imports, dataset functions and frames."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from millpond.graph.static.library import pipeline_feature
from millpond.lint.features import DATASETS, FLOWS
from millpond.lint.finding import text_at
from millpond.location import Span

if TYPE_CHECKING:
    from millpond.lint.frame import Frame
    from millpond.lint.frames import Frames
    from millpond.lint.pipeline import Pipeline
    from millpond.lint.raw_streams import RawStream

_N = TypeVar("_N", bound=ast.AST)
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = "pyspark.sql.functions."
_CHANGING = ("update", "pop", "setdefault", "clear")


@dataclass(eq=False, slots=True)
class Part:
    """A piece of a file: all of it, or a cell.

    Attributes:
        file: what positions name; for a cell of a notebook in JSON, a view of the cell.
    """

    tree: ast.Module
    file: Path
    lines: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class DecoratedFunction:
    """A function under decorators of the pipeline API.

    Attributes:
        decorators: from the top: the name of each, and its expression.
    """

    node: FunctionNode
    decorators: tuple[tuple[str, ast.expr], ...]

    def decorator(self, names: frozenset[str]) -> ast.expr | None:
        """The uppermost decorator of one of these names."""
        return next((expr for feature, expr in self.decorators if feature in names), None)

    @property
    def definer(self) -> ast.expr | None:
        """The decorator that makes this a dataset or a flow."""
        return self.decorator(DATASETS | FLOWS)


@dataclass(eq=False)
class PythonSource:
    """One file.

    Attributes:
        in_pipeline: whether a pipeline's libraries name it.
        pipeline: the pipeline that it belongs to, if it does.
    """

    file: Path
    parts: tuple[Part, ...]
    in_pipeline: bool = False
    pipeline: Pipeline | None = None
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)
    _by_type: dict[type[ast.AST], list[ast.AST]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for part in self.parts:
            stack: list[ast.AST] = [part.tree]
            while stack:
                node = stack.pop()
                self._by_type.setdefault(type(node), []).append(node)
                children = list(ast.iter_child_nodes(node))
                for child in children:
                    self.parents[child] = node
                stack.extend(reversed(children))

    # --- nodes --------------------------------------------------------------------------------

    def all(self, kind: type[_N]) -> list[_N]:
        """All nodes of one kind, in the order of the text."""
        return self._by_type.get(kind, [])  # type: ignore[return-value]

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node stands in, from the inside out."""
        parent = self.parents.get(node)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    def span(self, node: ast.AST, end: ast.AST | None = None) -> Span:
        """The range of a node, or from its start to the end of another."""
        part = self._part(node)
        last = end or node
        line, column = node.lineno, node.col_offset  # type: ignore[attr-defined]
        end_line, end_column = last.end_lineno, last.end_col_offset  # type: ignore[attr-defined]
        return Span(
            part.file,
            line,
            _characters(part.lines, line, column),
            end_line,
            _characters(part.lines, end_line, end_column),
        )

    def written(self, node: ast.AST) -> str:
        """The text of a node."""
        return text_at(self.span(node))

    def method_span(self, call: ast.Call) -> Span:
        """The range of a method's name and its arguments: `.collect()` of `df.collect()`."""
        if not isinstance(call.func, ast.Attribute):
            return self.span(call)
        return self._after(call.func, self.span(call))

    def name_span(self, attribute: ast.Attribute) -> Span:
        """The range of the name behind the dot: `read` of `dlt.read`."""
        return self._after(attribute, self.span(attribute))

    def _after(self, attribute: ast.Attribute, whole: Span) -> Span:
        """The part of a range that starts at an attribute's name."""
        end = self.span(attribute)
        column = (end.end_column or 1) - len(attribute.attr)
        return Span(end.file, end.end_line or 1, column, whole.end_line, whole.end_column)

    def _part(self, node: ast.AST) -> Part:
        root = next((each for each in self.above(node) if isinstance(each, ast.Module)), node)
        return next(part for part in self.parts if part.tree is root)

    # --- names --------------------------------------------------------------------------------

    @cached_property
    def imports(self) -> dict[str, str]:
        """The dotted path behind every name that an import binds, wherever it stands."""
        found: dict[str, str] = {}
        for plain in self.all(ast.Import):
            for alias in plain.names:
                top = alias.name.split(".", maxsplit=1)[0]
                found[alias.asname or top] = alias.name if alias.asname else top
        for each in self.all(ast.ImportFrom):
            module = "." * each.level + (each.module or "")
            for alias in each.names:
                if alias.name != "*":
                    found[alias.asname or alias.name] = f"{module}.{alias.name}"
        return found

    @cached_property
    def stars(self) -> frozenset[str]:
        """The modules of which every name is imported."""
        return frozenset(
            each.module or ""
            for each in self.all(ast.ImportFrom)
            if any(alias.name == "*" for alias in each.names)
        )

    def dotted(self, node: ast.AST) -> str | None:
        """The dotted path of a name or attribute, imports undone; None for what has none."""
        if isinstance(node, ast.Name):
            return self.imports.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            owner = self.dotted(node.value)
            return None if owner is None else f"{owner}.{node.attr}"
        return None

    def feature(self, node: ast.AST) -> str | None:
        """The name of the pipeline API's function that is called or named; None for others."""
        function = node.func if isinstance(node, ast.Call) else node
        path = self.dotted(function)
        return None if path is None else pipeline_feature(path)

    def column_function(self, node: ast.AST) -> str | None:
        """The name of the function of `pyspark.sql.functions` that is called."""
        if not isinstance(node, ast.Call):
            return None
        path = self.dotted(node.func)
        if path is not None and path.startswith(_FUNCTIONS):
            return path.removeprefix(_FUNCTIONS)
        starred = "pyspark.sql.functions" in self.stars
        return path if starred and isinstance(node.func, ast.Name) else None

    @cached_property
    def constants(self) -> dict[str, object]:
        """Names of the module that are given one value, once, and that value is plain."""
        found: dict[str, object] = {}
        given: set[str] = set()
        for assign in self.all(ast.Assign):
            for target in assign.targets:
                if isinstance(target, ast.Name):
                    plain = isinstance(assign.value, ast.Constant) and target.id not in given
                    given.add(target.id)
                    if plain and isinstance(self.parents.get(assign), ast.Module):
                        found[target.id] = assign.value.value  # type: ignore[attr-defined]
                    else:
                        found.pop(target.id, None)
        return found

    def constant(self, node: ast.AST | None) -> object:
        """The plain value of an expression, or None where it is not known."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return self.constants.get(node.id)
        if isinstance(node, ast.JoinedStr):
            return self._joined([_value(each) for each in node.values])
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._joined([node.left, node.right])
        return None

    def _joined(self, parts: list[ast.expr | None]) -> str | None:
        """Texts as one, None where one of them is not known."""
        texts = [self.text(each) for each in parts]
        return None if None in texts else "".join(each for each in texts if each is not None)

    def dictionary(self, node: ast.expr) -> dict[str, ast.expr] | None:
        """The entries of a dictionary by keys in lower case; None where they are not known."""
        if isinstance(node, ast.Name):
            node = self._dictionaries.get(node.id, node)
        if not isinstance(node, ast.Dict):
            return None
        keys = [None if key is None else self.text(key) for key in node.keys]
        known = [key.casefold() for key in keys if key is not None]
        return None if len(known) < len(keys) else dict(zip(known, node.values, strict=True))

    @cached_property
    def _dictionaries(self) -> dict[str, ast.expr]:
        """Dictionaries by the names that are given nothing else and are not changed."""
        stored = Counter(each.id for each in self.all(ast.Name) if isinstance(each.ctx, ast.Store))
        stored += Counter(each.arg for each in self.all(ast.arg))
        items = (each for each in self.all(ast.Subscript) if isinstance(each.ctx, ast.Store))
        touched = {_base(each) for each in items}
        touched |= {_base(each) for each in self.all(ast.Attribute) if each.attr in _CHANGING}
        return {
            target.id: assign.value
            for assign in self.all(ast.Assign)
            for target in assign.targets
            if isinstance(target, ast.Name) and isinstance(assign.value, ast.Dict)
            if stored[target.id] == 1 and target.id not in touched
        }

    def text(self, node: ast.AST | None) -> str | None:
        """The text of an expression, or None where it is no text or not known."""
        value = self.constant(node)
        return value if isinstance(value, str) else None

    # --- functions and frames -----------------------------------------------------------------

    @cached_property
    def functions(self) -> tuple[FunctionNode, ...]:
        """All functions, methods among them."""
        return (*self.all(ast.FunctionDef), *self.all(ast.AsyncFunctionDef))

    @cached_property
    def decorated(self) -> tuple[DecoratedFunction, ...]:
        """The functions under decorators of the pipeline API."""
        found = []
        for node in self.functions:
            features = [(self.feature(each), each) for each in node.decorator_list]
            ours = tuple((name, each) for name, each in features if name is not None)
            if ours:
                found.append(DecoratedFunction(node, ours))
        return tuple(found)

    @cached_property
    def _datasets(self) -> dict[ast.AST, DecoratedFunction]:
        return {each.node: each for each in self.decorated if each.definer is not None}

    @property
    def dataset_functions(self) -> tuple[DecoratedFunction, ...]:
        """The functions that give the query of a dataset or flow."""
        return tuple(self._datasets.values())

    def dataset_of(self, node: ast.AST) -> DecoratedFunction | None:
        """The dataset function in whose body a node stands; decorators stand outside of it."""
        below = node
        for parent in self.above(node):
            found = self._datasets.get(parent)
            if found is not None and below not in found.node.decorator_list:
                return found
            below = parent
        return None

    def in_dataset(self, frame: Frame, node: ast.AST) -> bool:
        """Whether a step of a frame is made for a dataset, in its function or one that it calls."""
        return self.dataset_of(node) is not None or (
            frame.function is not None and frame.function in self._datasets
        )

    @cached_property
    def frames(self) -> Frames:
        """The DataFrames that its expressions make."""
        from millpond.lint.frames import Frames

        return Frames(self)

    @property
    def in_bundle(self) -> bool:
        """Whether a bundle's pipeline has this file; a folder may hold anything."""
        return self.pipeline is not None and self.pipeline.settings is not None

    @cached_property
    def streams(self) -> tuple[RawStream, ...]:
        """The streams that it starts by hand."""
        from millpond.lint.raw_streams import raw_streams

        return tuple(raw_streams(self))


def _value(part: ast.expr) -> ast.expr | None:
    """What stands in a part of an f-string, if it stands there as it is."""
    if not isinstance(part, ast.FormattedValue):
        return part
    return part.value if part.conversion == -1 and part.format_spec is None else None


def _base(node: ast.Subscript | ast.Attribute) -> str:
    return node.value.id if isinstance(node.value, ast.Name) else ""


def _characters(lines: tuple[str, ...], line: int, byte_offset: int) -> int:
    """A column in characters from 1, where `ast` counts bytes from 0."""
    text = lines[line - 1] if line <= len(lines) else ""
    if text.isascii():
        return byte_offset + 1
    return len(text.encode()[:byte_offset].decode(errors="replace")) + 1


def keyword(call: ast.expr | None, *names: str) -> ast.expr | None:
    """The value of a call's keyword argument of one of these names."""
    if not isinstance(call, ast.Call):
        return None
    return next((each.value for each in call.keywords if each.arg in names), None)


def argument(call: ast.Call | None, position: int, *names: str) -> ast.expr | None:
    """The value of an argument, given by position or by one of these names."""
    if call is None:
        return None
    if position < len(call.args) and not any(
        isinstance(each, ast.Starred) for each in call.args[: position + 1]
    ):
        return call.args[position]
    return keyword(call, *names)
