"""The walk over a query's plan that follows the rows of each input (see `image`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from millpond.engine.classic.jvm import Jvm
from millpond.engine.classic.plan import TIME

SOURCE = "millpond source "
"""With a number behind it, what a frame that is to be known again is tagged with."""
_TAGGED = re.compile(rf"^\({SOURCE}(\d+) = {SOURCE}\d+\)$")
_NUMBERED = re.compile(r"`?__millpond_\d+`?\.")
_HIDDEN = "__millpond_"
_METADATA = "_metadata"
_SAME_ROWS = frozenset(
    (
        "CollectMetrics",
        "Deduplicate",
        "DeduplicateWithinWatermark",
        "Distinct",
        "EventTimeWatermark",
        "GlobalLimit",
        "LocalLimit",
        "Offset",
        "RebalancePartitions",
        "Repartition",
        "RepartitionByExpression",
        "ResolvedHint",
        "Sample",
        "Sort",
        "SubqueryAlias",
        "Tail",
        "View",
        "Window",
        "WithWindowDefinition",
    )
)
"""Operators whose result has rows of their input, as far as it has their columns."""


@dataclass(slots=True)
class Part:
    """An image in the making: a plan that has all columns of an input and what was computed."""

    source: int | None
    operator: str
    plan: Any
    columns: list[Any]
    known: dict[int, Any] = field(default_factory=dict)
    output: list[Any] = field(default_factory=list)
    renamed: dict[int, str] = field(default_factory=dict)
    conditions: list[tuple[str, str, Any, list[Any]]] = field(default_factory=list)
    lost: str | None = None
    readable: bool = True
    grouped: bool = False
    file: Any = None

    def add(self, jvm: Jvm, expressions: list[Any]) -> None:
        """Compute more columns, each a named expression over those that are known."""
        if not expressions:
            return
        self.plan = jvm.project([*self.output, *expressions], self.plan)
        for each in expressions:
            attribute = each.toAttribute()
            self.output.append(attribute)
            self.known[jvm.id(attribute)] = attribute

    def multiply(self, jvm: Jvm, plan: Any, new: list[Any]) -> None:
        """Have a plan that makes several rows of each, with new columns."""
        self.plan = plan
        self.output += new
        self.known.update({jvm.id(each): each for each in new})

    def lose(self, operator: str) -> Part:
        """Forget what the input's rows become beyond an operator."""
        self.lost = self.lost or operator
        self.known = {}
        return self


class Walk:
    """One walk over a plan, from its inputs up."""

    def __init__(self, jvm: Jvm) -> None:
        self._jvm = jvm
        self._shared: dict[int, Any] = {}
        self._ways: dict[str, Callable[[Any], list[Part]]] = {
            "Filter": self._filtered,
            "Project": self._projected,
            "Aggregate": self._grouped,
            "Join": self._joined,
            "Union": self._united,
            "WithCTE": self._with_shared,
            "CTERelationRef": self._referring,
            "Generate": self._generated,
            "Expand": self._expanded,
        }

    def parts(self, node: Any) -> list[Part]:
        """The inputs below an operator, with what is known of their rows above it."""
        kind = str(node.getClass().getSimpleName())
        known = self._ways.get(kind)
        if known is not None:
            return known(node)
        children = list(self._jvm.each(node.children()))
        if not children:
            return [self._input(node, None, kind)]
        found = [part for child in children for part in self.parts(child)]
        return found if kind in _SAME_ROWS else [part.lose(kind) for part in found]

    def _filtered(self, node: Any) -> list[Part]:
        source = _TAGGED.match(str(node.condition().toString()))
        if source is not None:
            return [self._input(node.child(), int(source[1]), "Filter")]
        return [self._conditional(part, node.condition()) for part in self.parts(node.child())]

    def _projected(self, node: Any) -> list[Part]:
        named = list(self._jvm.each(node.projectList()))
        return [self._computed(part, named) for part in self.parts(node.child())]

    def _grouped(self, node: Any) -> list[Part]:
        named = list(self._jvm.each(node.aggregateExpressions()))
        found = [self._computed(part, named) for part in self.parts(node.child())]
        for part in found:
            part.grouped = True
        return found

    def _united(self, node: Any) -> list[Part]:
        children = self._jvm.each(node.children())
        return [part for child in children for part in self._aliased(child, node.output())]

    def _with_shared(self, node: Any) -> list[Part]:
        for shared in self._jvm.each(node.cteDefs()):
            self._shared[int(shared.id())] = shared.child()
        return self.parts(node.plan())

    def _referring(self, node: Any) -> list[Part]:
        return self._aliased(self._shared[int(node.cteId())], node.output())

    def _input(self, plan: Any, source: int | None, kind: str) -> Part:
        jvm = self._jvm
        if kind == "StreamingRelation":
            plan = jvm.as_table(plan) or plan
        columns = [each for each in jvm.each(plan.output()) if str(each.name()) != _METADATA]
        known = {jvm.id(each): each for each in jvm.each(plan.output())}
        renamed = {jvm.id(each): str(each.name()) for each in columns}
        part = Part(source, kind, plan, columns, known, list(known.values()), renamed)
        part.readable = not plan.isStreaming()
        if part.readable:
            part.plan, part.file = jvm.with_file(plan)
            part.output = list(jvm.each(part.plan.output()))
        return part

    def _computed(self, part: Part, named: Iterable[Any]) -> Part:
        added = []
        for each in named:
            if str(each.getClass().getSimpleName()) != "Alias" or self._jvm.id(each) in part.known:
                continue
            if self._is_of(part, each.child()):
                added.append(each)
                self._rename(part, each.child(), self._jvm.id(each))
        part.add(self._jvm, added)
        return part

    def _conditional(self, part: Part, condition: Any) -> Part:
        text = str(condition.sql())
        if not self._is_of(part, condition):
            return part
        if _HIDDEN in _NUMBERED.sub("", text):  # no row of the user's without it
            part.plan = self._jvm.filter(condition, part.plan)
            return part
        flag = self._jvm.alias(condition, "condition")
        part.add(self._jvm, [flag])
        operands = list(self._jvm.each(condition.references().toSeq()))
        found = (str(condition.toString()), _NUMBERED.sub("", text), flag.toAttribute(), operands)
        part.conditions.append(found)
        return part

    def _joined(self, node: Any) -> list[Part]:
        equal = list(self._equalities(node.condition()))
        left = self.parts(node.left())
        anti = str(node.joinType().toString()) == "LeftAnti"
        found = left if anti else [*left, *self.parts(node.right())]
        for part in found:
            added = []
            for one, other in equal:
                key = self._jvm.id(other)
                if key not in part.known and self._is_of(part, one):
                    added.append(self._jvm.alias(one, str(other.name()), other.exprId()))
                    self._rename(part, one, key)
            part.add(self._jvm, _each_once(added, self._jvm))
        return found

    def _equalities(self, condition: Any) -> Iterator[tuple[Any, Any]]:
        """Of a join's condition: an expression and the column that equals it."""
        waiting = [condition.get()] if condition.isDefined() else []
        while waiting:
            each = waiting.pop()
            kind = str(each.getClass().getSimpleName())
            if kind == "And":
                waiting += [each.left(), each.right()]
            elif kind in ("EqualTo", "EqualNullSafe"):
                for one, other in ((each.left(), each.right()), (each.right(), each.left())):
                    if str(other.getClass().getSimpleName()) == "AttributeReference":
                        yield one, other

    def _aliased(self, child: Any, output: Any) -> list[Part]:
        """The parts of a plan whose columns have other names above it, in the same order."""
        pairs = list(zip(self._jvm.each(child.output()), self._jvm.each(output), strict=True))
        found = self.parts(child)
        for part in found:
            added = []
            for inner, outer in pairs:
                if self._jvm.id(outer) in part.known or self._jvm.id(inner) not in part.known:
                    continue
                added.append(self._jvm.alias(inner, str(outer.name()), outer.exprId()))
                self._rename(part, inner, self._jvm.id(outer))
            part.add(self._jvm, _each_once(added, self._jvm))
        return found

    def _generated(self, node: Any) -> list[Part]:
        """A row that becomes several, as of an explode."""
        jvm = self._jvm
        new = list(jvm.each(node.generatorOutput()))
        found = self.parts(node.child())
        for part in found:
            if self._is_of(part, node.generator()):
                part.multiply(jvm, jvm.generate(node, new, part.plan), new)
            else:
                part.lose("Generate")
        return found

    def _expanded(self, node: Any) -> list[Part]:
        """A row that becomes several, as of windows that overlap."""
        jvm = self._jvm
        rows = [list(jvm.each(each)) for each in jvm.each(node.projections())]
        output = list(jvm.each(node.output()))
        found = self.parts(node.child())
        for part in found:
            if not all(self._is_of(part, value) for row in rows for value in row):
                part.lose("Expand")
                continue
            places = [n for n, each in enumerate(output) if jvm.id(each) not in part.known]
            new = [output[n] for n in places]
            projections = [[*part.output, *(row[n] for n in places)] for row in rows]
            plan = jvm.expand(projections, [*part.output, *new], part.plan)
            part.multiply(jvm, plan, new)
        return found

    def _rename(self, part: Part, expression: Any, key: int) -> None:
        if str(expression.getClass().getSimpleName()) == "AttributeReference":
            column = part.renamed.get(self._jvm.id(expression))
            if column is not None:
                part.renamed[key] = column

    def _is_of(self, part: Part, expression: Any) -> bool:
        """Whether an expression has a value for a row of the input, the same at any time."""
        if not expression.deterministic() or self._jvm.is_of_several_rows(expression):
            return False
        used = [self._jvm.id(each) for each in self._jvm.each(expression.references().toSeq())]
        if not used:
            return str(expression.getClass().getSimpleName()) == "Literal"
        return all(key in part.known for key in used) and not TIME.search(str(expression.sql()))


def _each_once(added: list[Any], jvm: Jvm) -> list[Any]:
    return list({jvm.id(each): each for each in added}.values())
