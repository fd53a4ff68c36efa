"""The query of a flow as it is now, over what is stored now, with each of its inputs marked.

Streams are read as tables: what is asked is which rows there are, not which are new.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond import codes
from millpond.definitions import Dataset, DatasetKind, Expectation, Flow, Name, SqlQuery
from millpond.engine.classic.image import condition_key, tagged
from millpond.engine.configuration import applied_configuration, flow_settings
from millpond.engine.context import UpdateContext
from millpond.engine.evaluation.evaluate import evaluate
from millpond.engine.evaluation.outside import read_delta
from millpond.engine.evaluation.reading import Reading
from millpond.engine.evaluation.relations import evaluating
from millpond.engine.evaluation.stand_in import asks_for_changes
from millpond.engine.history.versions import is_made_after, version_at
from millpond.engine.writing.computed_columns import with_computed
from millpond.engine.writing.schema import declared_schema
from millpond.errors import MillpondError
from millpond.graph.declared import Node
from millpond.location import Span
from millpond.quality.flags import condition

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_KAFKA = (
    "key binary, value binary, topic string, partition int, offset bigint, timestamp timestamp, "
    "timestampType int"
)


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that a query reads, as it reads it.

    Attributes:
        kind: `dataset`, `table`, `files`, `kafka` or `event_log`.
        name: as its readers know it.
        node: of a dataset of the pipeline.
        version: of a Delta table that is read as it was then.
        is_younger: whether it was made anew since the reader's rows were written.
    """

    kind: str
    name: str
    at: Span
    node: Node | None = None
    version: int | None = None
    is_younger: bool = False


@dataclass(slots=True)
class TracedQuery:
    """The frame of a flow's query and what is known of its parts.

    Attributes:
        inputs: by the number that marks each in the frame's plan.
        rules: the expectations in the plan, by `condition_key`, each with its dataset.
        views: the views it reads through, in the order in which they were met.
    """

    frame: DataFrame
    inputs: dict[int, Input] = field(default_factory=dict)
    rules: dict[str, tuple[str, Expectation]] = field(default_factory=dict)
    views: list[Node] = field(default_factory=list)


class QueryTracer:
    """Evaluates the queries of flows so that their inputs can be told apart.

    Args:
        before: of what time the pipeline's tables are read, milliseconds; None for now.
    """

    def __init__(self, context: UpdateContext, before: int | None = None) -> None:
        self._context = context
        self._before = before
        self._inputs: dict[int, Input] = {}
        self._rules: dict[str, tuple[str, Expectation]] = {}
        self._views: list[Node] = []

    def trace(self, flow: Flow, node: Node) -> TracedQuery:
        """The query of one flow, and above it the expectations of its dataset.

        Raises:
            MillpondError: what is wrong with the query, or with what it reads.
        """
        session = self._context.session
        with applied_configuration(session, flow_settings(flow)):
            frame = self._evaluated(flow, node)
        with evaluating(None):
            frame = self._completed(frame, node)
            frame, rules = judged(frame, node.dataset, str(node.name))
        self._rules.update(rules)
        return TracedQuery(frame, self._inputs, self._rules, self._views)

    def _evaluated(self, flow: Flow, node: Node) -> DataFrame:
        query = flow.query
        catalog = query.catalog if isinstance(query, SqlQuery) else None
        schema = query.schema if isinstance(query, SqlQuery) else None
        reading = _TracedReading(
            self,
            self._context,
            self._context.state.schema_path(node.name, ".".join(flow.name)),
            catalog or self._context.spec.catalog,
            schema or self._context.spec.schema,
        )
        return evaluate(flow, node.name, self._context.session, reading)

    def _completed(self, frame: DataFrame, node: Node) -> DataFrame:
        computed = node.dataset.computed
        if not computed:
            return frame
        declared = declared_schema(self._context.session, node.dataset, node.name)
        return with_computed(frame, declared, computed, node.name)

    def mark(self, frame: DataFrame, found: Input) -> DataFrame:
        """Let an input be known again in the plan."""
        number = len(self._inputs) + 1
        self._inputs[number] = found
        with evaluating(None):
            return tagged(frame, number)

    def dataset(
        self, node: Node, streaming: bool, options: Mapping[str, str], at: Span
    ) -> DataFrame:
        """A dataset of the pipeline: its table, or the query of a view."""
        stored = self._context.state.tables.get(node.name.key)
        if _is_view(node) or (stored is not None and stored.query):
            if node not in self._views:
                self._views.append(node)
            with evaluating(None):
                frame = self._evaluated(node.flows[0], node)
                frame, rules = judged(frame, node.dataset, str(node.name))
                self._rules.update(rules)
                return frame
        if stored is None or not stored.created:
            raise MillpondError(codes.TABLE_NOT_CREATED, at=at, name=node.name)
        path = self._context.state.table_path(node.name)
        version = version_at(path, self._before) if self._before is not None else None
        given = {} if version is None else {"versionAsOf": str(version)}
        if asks_for_changes(options):
            given = {"readChangeFeed": "true", "startingVersion": "0"}
        frame = read_delta(self._context.session, path, False, given)
        younger = self._before is not None and is_made_after(path, self._before)
        return self.mark(frame, Input("dataset", str(node.name), at, node, version, younger))


def judged(
    frame: DataFrame, dataset: Dataset, name: str
) -> tuple[DataFrame, dict[str, tuple[str, Expectation]]]:
    """A frame with a condition for each expectation of its dataset, and which is which.

    An expectation that looks at what the frame does not have is left out: a table need not have
    all that its query has.
    """
    from pyspark.errors import AnalysisException

    rules: dict[str, tuple[str, Expectation]] = {}
    for rule in dataset.expectations:
        try:
            filtered = frame.filter(condition(frame, rule))
        except AnalysisException:
            continue
        key = condition_key(filtered)
        if key is not None:
            rules[key] = (name, rule)
        frame = filtered
    return frame, rules


def _is_view(node: Node) -> bool:
    return node.dataset.kind is DatasetKind.TEMPORARY_VIEW


class _TracedReading(Reading):
    """Reads as tables, each marked."""

    def __init__(
        self,
        tracer: QueryTracer,
        context: UpdateContext,
        schema_store: Path,
        catalog: str,
        schema: str,
    ) -> None:
        super().__init__(
            context.session,
            context.state,
            context.inputs,
            graph=context.graph,
            dataset=tracer.dataset,
            schema_store=schema_store,
            catalog=catalog,
            schema=schema,
        )
        self._tracer = tracer

    def table(
        self, name: Name, *, streaming: bool, options: Mapping[str, str], at: Span
    ) -> DataFrame:
        """The table, whole."""
        known = set(self.seen)
        kept = {k: v for k, v in options.items() if k.casefold() in _OF_TABLES}
        frame = super().table(name, streaming=False, options=kept, at=at)
        new = [full for key, full in self.seen.items() if key not in known]
        read = new[0] if new else None
        if read is not None and read.key in self._pipeline():
            return frame
        shown = str(read) if read is not None else ".".join(name)
        return self._tracer.mark(frame, Input("table", shown, at))

    def files(
        self, path: str, *, streaming: bool, options: Mapping[str, str], schema: Any, at: Span
    ) -> DataFrame:
        """All files that are there now."""
        frame = super().files(path, streaming=False, options=options, schema=schema, at=at)
        return self._tracer.mark(frame, Input("files", path, at))

    def path_table(
        self, source: str, path: str, *, streaming: bool, options: Mapping[str, str], at: Span
    ) -> DataFrame:
        """All rows behind a path."""
        frame = super().path_table(source, path, streaming=False, options=options, at=at)
        kind = "table" if source.casefold() == "delta" else "files"
        return self._tracer.mark(frame, Input(kind, path, at))

    def kafka(self, *, streaming: bool, options: Mapping[str, str], at: Span) -> DataFrame:
        """Nothing but the columns: where a record stands is in the rows that were made of it."""
        given = {key.casefold(): value for key, value in options.items()}
        columns = _KAFKA
        if given.get("includeheaders", "").casefold() == "true":
            columns += ", headers array<struct<key: string, value: binary>>"
        topics = (given.get(each) for each in ("subscribe", "subscribepattern", "assign"))
        name = next((each for each in topics if each), "Kafka")
        with evaluating(None):
            frame = self._session.createDataFrame([], columns)
        return self._tracer.mark(frame, Input("kafka", name, at))

    def event_log(self, pipeline: str | Name, at: Span) -> DataFrame:
        """The event log."""
        return self._tracer.mark(
            super().event_log(pipeline, at), Input("event_log", "event_log", at)
        )

    def _pipeline(self) -> Mapping[str, Node]:
        return self._graph.nodes if self._graph is not None else {}


_OF_TABLES = frozenset(("readchangefeed", "readchangedata", "startingversion", "endingversion"))
"""Options that say which rows of a table are meant, streamed or not."""
