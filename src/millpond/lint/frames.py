"""The DataFrames that a file's expressions make: what each reads, and the methods called on it.

Variables are followed within a function in the order of its statements, so that a chain that is
cut into assignments is one chain. Plain functions of the file are followed into; a call of anything
else leaves a step named `CALLED`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from millpond.lint.features import BATCH_READS, STREAM_READS
from millpond.lint.frame import CALLED, Frame, Origin, Step
from millpond.lint.helper_functions import MAX_DEPTH, bound, helpers, returned_once

if TYPE_CHECKING:
    from millpond.lint.python_source import PythonSource

_FORMATS = frozenset(
    {"avro", "binaryFile", "csv", "delta", "json", "orc", "parquet", "text", "xml", "kafka"}
)
_ENDS = frozenset({"load", "table"}) | _FORMATS
_SESSIONS = frozenset({"spark", "session", "spark_session", "ss"})


class Frames:
    """All frames of a file, each as far as its statement takes it."""

    def __init__(self, source: PythonSource) -> None:
        self._source = source
        self._all: list[Frame] = []
        self._function: ast.AST | None = None
        self._helpers = helpers(part.tree for part in source.parts)
        self._inside: list[ast.AST] = []
        self._given: list[Frame] = []
        names: dict[str, Frame] = {}
        for part in source.parts:
            self._block(part.tree.body, names)

    def __iter__(self) -> Iterator[Frame]:
        return iter(self._all)

    def returned_by(self, function: ast.AST) -> list[Frame]:
        """What the `return` statements of a function give."""
        return [each for each in self._by_function.get(function, ()) if each.returned]

    @cached_property
    def _by_function(self) -> dict[ast.AST | None, list[Frame]]:
        found: dict[ast.AST | None, list[Frame]] = {}
        for frame in self._all:
            found.setdefault(frame.function, []).append(frame)
        return found

    def inside(self, function: ast.AST) -> list[Frame]:
        """Those made in a function."""
        return self._by_function.get(function, [])

    # --- statements ---------------------------------------------------------------------------

    def _block(self, body: Sequence[ast.stmt], names: dict[str, Frame]) -> None:
        for statement in body:
            self._statement(statement, names)

    def _statement(self, node: ast.stmt, names: dict[str, Frame]) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._in_function(node, dict(names))
        elif isinstance(node, ast.ClassDef):
            self._block(node.body, dict(names))
        elif isinstance(node, ast.Assign):
            self._assign(node.targets, node.value, names)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._assign([node.target], node.value, names)
        elif isinstance(node, ast.Return):
            if node.value is not None:
                self._return(node.value, names)
        else:
            self._compound(node, names)

    def _compound(self, node: ast.stmt, names: dict[str, Frame]) -> None:
        """A statement with blocks or expressions in it; the last branch decides what names mean."""
        for field_name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                self._note(value, names)
            elif isinstance(value, list):
                for each in value:
                    self._member(field_name, each, names)

    def _member(self, field_name: str, each: object, names: dict[str, Frame]) -> None:
        if isinstance(each, ast.stmt):
            self._statement(each, names)
        elif isinstance(each, ast.expr):
            self._note(each, names)
        elif isinstance(each, (ast.ExceptHandler, ast.match_case)):
            self._block(each.body, names)
        elif isinstance(each, ast.withitem):
            self._note(each.context_expr, names)

    def _in_function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, names: dict[str, Frame]
    ) -> None:
        for each in (*node.args.posonlyargs, *node.args.args):
            names[each.arg] = Frame(Origin(None, each, parameter=each.arg), (), node)
        outer, self._function = self._function, node
        self._block(node.body, names)
        self._function = outer

    def _return(self, value: ast.expr, names: dict[str, Frame]) -> None:
        found = self._note(value, names, returned=not self._inside)
        if found is not None:
            self._given.append(found)

    def _through_helper(
        self, function: ast.FunctionDef, call: ast.Call, names: dict[str, Frame]
    ) -> Frame | None:
        """What a function of the file makes of the frames that a call gives it."""
        inner = bound(function, call, lambda value: self._frame(value, names))
        if not inner or function in self._inside or len(self._inside) >= MAX_DEPTH:
            return None
        outer, self._given = self._given, []
        self._inside.append(function)
        self._block(function.body, inner)
        self._inside.pop()
        given, self._given = self._given, outer
        return given[0] if returned_once(function) and len(given) == 1 else None

    def _assign(
        self, targets: Sequence[ast.expr], value: ast.expr, names: dict[str, Frame]
    ) -> None:
        frame = self._note(value, names)
        for target in targets:
            if isinstance(target, ast.Name):
                if frame is None:
                    names.pop(target.id, None)
                else:
                    names[target.id] = frame
            elif isinstance(target, (ast.Tuple, ast.List)):
                for each in target.elts:
                    if isinstance(each, ast.Name):
                        names.pop(each.id, None)

    # --- expressions --------------------------------------------------------------------------

    def _note(
        self, node: ast.expr, names: dict[str, Frame], *, returned: bool = False
    ) -> Frame | None:
        """The frame that an expression makes; those inside of it are kept too."""
        frame = self._frame(node, names)
        if frame is not None:
            kept = replace(frame, function=self._function, returned=returned)
            self._all.append(kept)
            return kept
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self._note(child, names)
            elif isinstance(child, ast.keyword):
                self._note(child.value, names)
            elif isinstance(child, ast.comprehension):
                self._note(child.iter, names)
        return None

    def _frame(self, node: ast.expr, names: dict[str, Frame]) -> Frame | None:
        chain: list[ast.expr] = []
        root: ast.expr = node
        while True:
            if isinstance(root, ast.Call) and isinstance(root.func, ast.Attribute):
                chain.append(root)
                root = root.func.value
            elif isinstance(root, ast.Attribute):
                chain.append(root)
                root = root.value
            else:
                break
        chain.reverse()
        return self._rooted(root, chain, names)

    def _rooted(
        self, root: ast.expr, chain: list[ast.expr], names: dict[str, Frame]
    ) -> Frame | None:
        if isinstance(root, ast.Name) and root.id in names:
            known = names[root.id]
            if known.origin.parameter and not any(isinstance(each, ast.Call) for each in chain):
                return known if not chain else None
            return self._continued(known, chain, names)
        if isinstance(root, ast.Call):
            return self._made_by_call(root, chain, names)
        if not isinstance(root, ast.Name):
            return None
        first = chain[0] if chain else None
        if isinstance(first, ast.Call):
            feature = self._source.feature(first)
            if feature in BATCH_READS | STREAM_READS:
                return self._continued(self._api_read(first, feature), chain[1:], names)
        return self._read(root, chain, names)

    def _made_by_call(
        self, root: ast.Call, chain: list[ast.expr], names: dict[str, Frame]
    ) -> Frame | None:
        feature = self._source.feature(root)
        if feature in BATCH_READS | STREAM_READS:
            return self._continued(self._api_read(root, feature), chain, names)
        helper = self._helpers.get(root.func.id) if isinstance(root.func, ast.Name) else None
        if helper is not None:
            made = self._through_helper(helper, root, names)
            if made is not None:
                return self._continued(made, chain, names)
        given = [*root.args, *(each.value for each in root.keywords)]
        frames = [found for found in (self._frame(each, names) for each in given) if found]
        if not frames or self._source.column_function(root) is not None:
            return None
        called = replace(frames[0], steps=(*frames[0].steps, Step(CALLED, root, tuple(frames[1:]))))
        return self._continued(called, chain, names)

    def _api_read(self, call: ast.Call, feature: str | None) -> Frame:
        name = call.args[0] if call.args else None
        text = self._source.text(name)
        return Frame(Origin(feature in STREAM_READS, call, name=text, path=name))

    def _read(self, root: ast.Name, chain: list[ast.expr], names: dict[str, Frame]) -> Frame | None:
        """`spark.readStream...`, `self.spark.read...`, `spark.table(...)`, `spark.range(...)`."""
        for index, each in enumerate(chain):
            name = _name(each)
            if isinstance(each, ast.Attribute) and name in ("read", "readStream"):
                origin = Origin(name == "readStream", each, complete=False)
                return self._continued(Frame(origin), chain[index + 1 :], names)
            session = root.id in _SESSIONS or (index > 0 and _name(chain[index - 1]) in _SESSIONS)
            if isinstance(each, ast.Call) and session and name in ("range", "createDataFrame"):
                return self._continued(Frame(Origin(False, each)), chain[index + 1 :], names)
            if isinstance(each, ast.Call) and session and name in ("table", "sql"):
                text = each.args[0] if each.args else None
                table = self._source.text(text) if name == "table" else None
                streaming = False if name == "table" else None
                frame = Frame(Origin(streaming, each, name=table, path=text))
                return self._continued(frame, chain[index + 1 :], names)
        return None

    def _continued(
        self, frame: Frame, chain: Sequence[ast.expr], names: dict[str, Frame]
    ) -> Frame | None:
        for index, each in enumerate(chain):
            if not frame.origin.complete:
                frame = replace(frame, origin=self._told(frame.origin, each))
                continue
            if isinstance(each, ast.Attribute):
                following = chain[index + 1] if index + 1 < len(chain) else None
                if following is None and _name(each) not in ("writeStream", "write", "rdd"):
                    return None  # a column
            frame = replace(frame, steps=(*frame.steps, self._step(each, names)))
        return frame

    def _step(self, node: ast.expr, names: dict[str, Frame]) -> Step:
        others: tuple[Frame, ...] = ()
        if isinstance(node, ast.Call):
            given = [*node.args, *(each.value for each in node.keywords)]
            found = (self._note(each, names) for each in given)
            others = tuple(each for each in found if each is not None)
        return Step(_name(node), node, others)

    def _told(self, origin: Origin, node: ast.expr) -> Origin:
        """A reader after one more call."""
        name = _name(node)
        if not isinstance(node, ast.Call):
            return origin
        first = node.args[0] if node.args else None
        if name == "format":
            return replace(origin, format=self._source.text(first))
        if name == "schema":
            return replace(origin, schema=first)
        if name == "option" and len(node.args) > 1:
            key = self._source.text(first)
            if key is None:
                return replace(origin, open_options=True)
            return replace(origin, options={**origin.options, key.casefold(): node.args[1]})
        if name == "options":
            return self._with_options(origin, node)
        if name not in _ENDS:
            return origin
        given = {each.arg.casefold(): each.value for each in node.keywords if each.arg}
        format_ = name if name in _FORMATS else origin.format
        path = first or given.get("path") or origin.options.get("path")
        return replace(
            origin,
            node=node,
            format=format_,
            name=self._source.text(first) if name == "table" else None,
            path=path,
            schema=given.get("schema", origin.schema),
            options={**origin.options, **given},
            complete=True,
        )

    def _with_options(self, origin: Origin, node: ast.Call) -> Origin:
        options, unknown = dict(origin.options), origin.open_options
        for each in node.keywords:
            if each.arg is not None:
                options[each.arg.casefold()] = each.value
            elif (given := self._source.dictionary(each.value)) is not None:
                options.update(given)
            else:
                unknown = True
        return replace(origin, options=options, open_options=unknown)


def _name(node: ast.expr) -> str:
    function = node.func if isinstance(node, ast.Call) else node
    return function.attr if isinstance(function, ast.Attribute) else ""
