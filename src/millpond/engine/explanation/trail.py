"""Follow rows of a table back to where they came from: table by table, to files or offsets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from millpond import codes
from millpond.cdc.events import expression
from millpond.definitions import AutoCdc, DatasetKind, Flow, SnapshotCdc
from millpond.engine.classic.image import Image, has_subqueries, images, tagged
from millpond.engine.context import UpdateContext
from millpond.engine.evaluation.outside import read_delta
from millpond.engine.evaluation.relations import evaluating
from millpond.engine.explanation.files import line_of
from millpond.engine.explanation.key import key_frame
from millpond.engine.explanation.outcome import (
    Elsewhere,
    Explanation,
    FlowOrigin,
    FoundInput,
    FoundRow,
    Judgement,
    Origin,
)
from millpond.engine.explanation.query import Input, QueryTracer, TracedQuery, judged
from millpond.engine.explanation.rows import (
    agreeing,
    as_rows,
    kept_frame,
    nearest,
    shared_columns,
    with_offsets,
)
from millpond.engine.failure import is_from_the_jvm
from millpond.engine.history.versions import last_change
from millpond.errors import Failures, MillpondError
from millpond.graph.declared import Node
from millpond.spark_message import one_line

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, Row

_INLINE = ("LocalRelation", "LogicalRDD", "OneRowRelation", "Range")
_ORDER = "__millpond_order"
"""Added to the query of AUTO CDC: where an event stands among those of its key."""
_GONE = {"inline": "rows that are written in the query"}
_LOST = "{operator} makes rows of many, so which of these it used cannot be known"
_APART = (
    "no column of the row comes from here alone, so it does not say which of these rows it used"
)
_YOUNGER = "it was made anew since; these are its rows of now"
_SUBQUERIES = "what its subqueries read is not followed"
_VERSIONED = "the function gives snapshots by version and is not asked again"


@dataclass(slots=True)
class Explainer:
    """Explains rows of the tables of one pipeline, over its state as it is.

    Attributes:
        limit: how many rows are shown, and followed further, at each place.
        readers: of each dataset, by key, the keys of those that read it, also through views.
    """

    context: UpdateContext
    limit: int
    readers: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def explain(self, node: Node, key: Mapping[str, str]) -> Explanation:
        """The rows of a table that have these values, and where they came from.

        Where there are none, the values are followed as far as they are found, to tell what kept
        the row away.

        Raises:
            MillpondError: EXPLAIN_NOT_A_TABLE, TABLE_NOT_CREATED, HISTORY_UNKNOWN_COLUMN,
                HISTORY_VALUE_NOT_VALID, EXPLAIN_NEEDS_PLANS.
        """
        stored = self.context.state.tables.get(node.name.key)
        if stored is None or not stored.created:
            raise MillpondError(codes.TABLE_NOT_CREATED, name=node.name)
        path = self.context.state.table_path(node.name)
        with evaluating(None):
            table = read_delta(self.context.session, path, False, {})
            wanted = key_frame(table, key, str(node.name))
            found, rows, judgements = self._own(table, node, wanted)
        origin = self._origin(node, rows or wanted, tuple(wanted.columns), first=True)
        return Explanation(str(node.name), stored.kind, dict(key), found, judgements, origin)

    def _own(
        self, table: DataFrame, node: Node, wanted: DataFrame
    ) -> tuple[int, DataFrame | None, tuple[FoundRow, ...]]:
        frame, rules = judged(tagged(table, 1), node.dataset, str(node.name))
        found = images(frame)
        if found is None:
            raise MillpondError(codes.EXPLAIN_NEEDS_PLANS)
        (image,) = found
        matching = agreeing(image, wanted, wanted.columns)
        rows = matching.limit(self.limit).collect()
        number = matching.count() if len(rows) == self.limit else len(rows)
        shown = as_rows(replace(image, file=None), rows, rules)
        return number, kept_frame(image, rows) if rows else None, shown

    def _origin(
        self, node: Node, rows: DataFrame, keys: tuple[str, ...], *, first: bool = False
    ) -> Origin:
        seen: dict[str, DataFrame] = {}
        flows = tuple(self._flow(node, flow, rows, keys, seen) for flow in node.flows)
        elsewhere = self._elsewhere(node, seen) if first else ()
        return Origin(str(node.name), node.dataset.at, flows, elsewhere)

    def _flow(
        self,
        node: Node,
        flow: Flow,
        rows: DataFrame,
        keys: tuple[str, ...],
        seen: dict[str, DataFrame],
    ) -> FlowOrigin:
        name = ".".join(flow.name)
        if isinstance(flow.cdc, SnapshotCdc) and flow.cdc.versioned:
            return FlowOrigin(name, flow.at, note=_VERSIONED)
        try:
            traced = self._traced(flow, node)
        except (MillpondError, Failures) as error:
            reason = error.message if isinstance(error, MillpondError) else str(error)
            return FlowOrigin(name, flow.at, note=f"the query cannot be read any more: {reason}")
        if flow.cdc is not None:
            known = {each.casefold() for each in rows.columns}
            keys = tuple(each for each in flow.cdc.keys if each.casefold() in known)
            rows = rows.select(*keys)
        with evaluating(None):
            found = images(traced.frame) or ()
            inputs = tuple(
                _told_apart(self._input(image, traced, rows, keys, seen), image, found)
                for image in found
            )
            note = _SUBQUERIES if has_subqueries(traced.frame) else None
        views = tuple((str(view.name), view.dataset.at) for view in traced.views)
        return FlowOrigin(name, flow.at, views, inputs, note)

    def _traced(self, flow: Flow, node: Node) -> TracedQuery:
        stored = self.context.state.tables[node.name.key]
        path = self.context.state.table_path(node.name)
        is_view = stored.kind == DatasetKind.MATERIALIZED_VIEW.value
        tracer = QueryTracer(self.context, last_change(path) if is_view else None)
        traced = tracer.trace(flow, node)
        if isinstance(flow.cdc, AutoCdc):
            with evaluating(None):
                order = {_ORDER: expression(flow.cdc.sequence_by)}
                traced.frame = traced.frame.withColumns(order)
        return traced

    def _input(
        self,
        image: Image,
        traced: TracedQuery,
        rows: DataFrame,
        keys: tuple[str, ...],
        seen: dict[str, DataFrame],
    ) -> FoundInput:
        source = traced.inputs.get(image.source) if image.source is not None else None
        found = _described(image, source)
        if image.lost is not None:
            return replace(found, note=_LOST.format(operator=image.lost))
        by = shared_columns(image, rows)
        if found.kind == "kafka":
            return with_offsets(found, image, rows)
        if image.frame is None or found.kind == "inline":
            note = (
                "rows written in the query" if found.kind == "inline" else "a stream keeps no rows"
            )
            return replace(found, by=by, note=note)
        if not by:
            return replace(found, note=_APART)
        try:
            return self._matched(found, image, source, traced, rows, by, keys, seen)
        except Exception as error:
            if not is_from_the_jvm(error):
                raise
            return replace(found, by=by, note=f"its rows cannot be read: {one_line(str(error))}")

    def _matched(
        self,
        found: FoundInput,
        image: Image,
        source: Input | None,
        traced: TracedQuery,
        rows: DataFrame,
        by: tuple[str, ...],
        keys: tuple[str, ...],
        seen: dict[str, DataFrame],
    ) -> FoundInput:
        taken, number, by, other = self._agreeing(
            image, rows, by, keys, files=found.kind == "files"
        )
        note = f"now with other values of {', '.join(other)}" if other else None
        note = note or found.note
        shown = as_rows(image, taken, traced.rules)
        if image.file is not None:
            shown = tuple(replace(each, line=self._line(each)) for each in shown)
        origin = None
        if source is not None and source.node is not None and source.node.name.key not in seen:
            further = _renamed(image, rows) if not taken else kept_frame(image, taken)
            if further is not None:
                seen[source.node.name.key] = further
                renamed = {name.casefold(): column for name, column in image.renamed.items()}
                below = tuple(renamed[key.casefold()] for key in keys if key.casefold() in renamed)
                origin = self._origin(source.node, further, below)
        return replace(found, by=by, found=number, rows=shown, note=note, origin=origin)

    def _agreeing(
        self,
        image: Image,
        rows: DataFrame,
        by: tuple[str, ...],
        keys: tuple[str, ...],
        *,
        files: bool,
    ) -> tuple[list[Row], int, tuple[str, ...], tuple[str, ...]]:
        """The first rows that agree, how many there are, in what, and in what they do not.

        Where none agrees in all columns, those that agree in the key, or of files in nearly all:
        one that was copied has another time.
        """
        only = tuple(each for each in by if each in keys)
        for columns in (by, only) if only and only != by else (by,):
            matching = _latest_first(agreeing(image, rows, columns), image)
            taken = matching.limit(self.limit).collect()
            if taken:
                number = matching.count() if len(taken) == self.limit else len(taken)
                return taken, number, columns, tuple(each for each in by if each not in columns)
        taken, other = nearest(image, rows, by, self.limit) if files else ([], ())
        return taken, len(taken), tuple(each for each in by if each not in other), other

    def _line(self, row: FoundRow) -> int | None:
        return line_of(row, self.context.inputs) if row.file is not None else None

    def _elsewhere(self, node: Node, seen: Mapping[str, DataFrame]) -> tuple[Elsewhere, ...]:
        """What other tables' rules said of the same input rows; only what they did not let by."""
        found = []
        for key, rows in seen.items():
            for reader in self.readers.get(key, ()):
                other = self.context.graph.nodes.get(reader)
                if other is None or other.name == node.name or not other.dataset.expectations:
                    continue
                judgements = [
                    each for flow in other.flows for each in self._failed(other, flow, key, rows)
                ]
                if judgements:
                    found.append(Elsewhere(str(other.name), other.dataset.at, tuple(judgements)))
        return tuple(found)

    def _failed(self, node: Node, flow: Flow, key: str, rows: DataFrame) -> list[Judgement]:
        try:
            traced = QueryTracer(self.context).trace(flow, node)
        except (MillpondError, Failures):
            return []
        with evaluating(None):
            for image in images(traced.frame) or ():
                source = traced.inputs.get(image.source) if image.source is not None else None
                if source is None or source.node is None or source.node.name.key != key:
                    continue
                itself = replace(image, outputs=image.columns)
                same = agreeing(itself, rows, shared_columns(itself, rows))
                shown = as_rows(image, same.limit(self.limit).collect(), traced.rules)
                failed = [each for row in shown for each in row.judgements if not each.holds]
                return list({(each.text, str(each.saw)): each for each in failed}.values())
        return []


def _latest_first(matching: DataFrame, image: Image) -> DataFrame:
    """Events of AUTO CDC by their sequence; other rows as they come."""
    from pyspark.sql import functions as F

    order = image.outputs.get(_ORDER)
    return matching if order is None else matching.orderBy(F.col(order).desc())


def _described(image: Image, source: Input | None) -> FoundInput:
    if source is not None:
        note = _YOUNGER if source.is_younger else None
        return FoundInput(source.kind, source.name, source.at, source.version, note=note)
    if image.operator in _INLINE:
        return FoundInput("inline", "rows of the query itself")
    if image.frame is None:
        return FoundInput("stream", image.operator)
    return FoundInput("files" if image.file is not None else "table", image.operator)


def _told_apart(found: FoundInput, image: Image, others: Sequence[Image]) -> FoundInput:
    """Say where a group is known by columns of several inputs, and so not by one of them alone."""
    elsewhere = {name for other in others for name in other.outputs} - set(image.outputs)
    if not image.grouped or not found.found or not elsewhere or found.note:
        return found
    names = ", ".join(sorted(elsewhere))
    return replace(found, note=f"rows of other groups may be among them: {names} is not from here")


def _renamed(image: Image, rows: DataFrame) -> DataFrame | None:
    """Values that no row of an input has, by the names of its columns; None if it lacks one."""
    from pyspark.sql import functions as F

    known = {name.casefold(): column for name, column in image.renamed.items()}
    if not all(name.casefold() in known for name in rows.columns):
        return None
    return rows.select(*(F.col(name).alias(known[name.casefold()]) for name in rows.columns))
