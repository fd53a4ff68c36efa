"""Reads that are the same in analysis and in the run: files, outside tables, local paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond import codes
from millpond.definitions import Flow, Name, QualifiedName, SqlQuery, qualify
from millpond.engine.context import UpdateContext
from millpond.engine.evaluation.outside import OutsideTables, read_delta
from millpond.engine.evaluation.relations import Evaluation, evaluating
from millpond.engine.evaluation.sql import run_query
from millpond.engine.event_logs import EventLogs
from millpond.engine.state import WRITTEN, State, stored_path
from millpond.errors import MillpondError
from millpond.graph.declared import DeclaredGraph, Node
from millpond.graph.suggestion import suggestion
from millpond.location import Span, unfiled
from millpond.sources import auto_loader
from millpond.sources.auto_loader import AutoLoaderRequest
from millpond.sources.connectors import connect
from millpond.sources.inputs.missing import file_to_edit, line_for_table
from millpond.sources.kafka import read_kafka
from millpond.sources.mounts import mount, telling_where

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from millpond.sources.inputs import LocalInputs
    from millpond.sources.inputs.mount import Mount

DatasetReader = Callable[[Node, bool, Mapping[str, str], Span], "DataFrame"]
"""Answers a read of a dataset of the pipeline: the node, streaming or not, options, where."""


class Reading:
    """Implements `Relations`; what a dataset of the pipeline means is given by `dataset`.

    Attributes:
        seen: the datasets and tables read so far, in order, each once.
    """

    def __init__(
        self,
        session: SparkSession,
        state: State,
        inputs: LocalInputs,
        *,
        graph: DeclaredGraph | None,
        dataset: DatasetReader | None,
        schema_store: Path,
        catalog: str,
        schema: str,
        private: bool = False,
        running: bool = True,
    ) -> None:
        self.catalog = catalog
        self.schema = schema
        self.seen: dict[str, QualifiedName] = {}
        self._session = session
        self._state = state
        self._inputs = inputs
        self._graph = graph
        self._dataset = dataset
        self._schema_store = schema_store
        self._sources = 0
        self._running = running
        self._outside = OutsideTables(session, state, inputs, private=private)

    def table(
        self, name: Name, *, streaming: bool, options: Mapping[str, str], at: Span
    ) -> DataFrame:
        """The dataset of this pipeline, or the table from outside of it, that a name means."""
        node = self._graph.find(name, self.catalog, self.schema) if self._graph else None
        if node is not None and self._dataset is not None:
            self.seen[node.name.key] = node.name
            return self._dataset(node, streaming, options, at)
        full = qualify(name, self.catalog, self.schema)
        frame = self._outside.frame(full, streaming, options, at)
        if frame is None:
            frame = self._view(name, full)
            if frame is None:
                raise self._not_found(full, at)
            frame = streamable(frame, streaming, full, at)
        self.seen[full.key] = full
        return frame

    def delta_path(self, name: Name, at: Span) -> Path:
        """The folder of the Delta table that a name means, as the last update left it."""
        full = qualify(name, self.catalog, self.schema)
        path = self._stored(name, full, at) or self._outside.delta_path(full, at)
        if path is None:
            raise self._not_found(full, at)
        return path

    def published(self, name: Name, at: Span) -> DataFrame:
        """A table as it was before the update.

        Raises:
            MillpondError: TABLE_OR_VIEW_NOT_FOUND; TABLE_NOT_CREATED for a dataset that no
                update has filled yet.
        """
        full = qualify(name, self.catalog, self.schema)
        path = self._stored(name, full, at)
        if path is not None:
            return read_delta(self._session, path, False, {})
        frame = self._outside.frame(full, False, {}, at)
        frame = self._view(name, full) if frame is None else frame
        if frame is None:
            raise self._not_found(full, at)
        return frame

    def written(self, name: Name, at: Span) -> Path:
        """The folder of a table that source writes itself, which an update then may read.

        Raises:
            MillpondError: WRITE_TO_DATASET for what a pipeline fills.
        """
        full = qualify(name, self.catalog, self.schema)
        if self._inputs.table(full) is None:
            self._own(full, at)
            return self._state.record_written(full)
        path = self._outside.delta_path(full, at)
        if path is None:
            raise self._not_found(full, at)
        return path

    def drop(self, name: Name, at: Span, *, missing_ok: bool) -> None:
        """Forget a table that source has written itself.

        Raises:
            MillpondError: WRITE_TO_DATASET for what a pipeline fills, or `millpond.yml` maps;
                TABLE_OR_VIEW_NOT_FOUND.
        """
        full = qualify(name, self.catalog, self.schema)
        if self._inputs.table(full) is not None:
            raise MillpondError(codes.WRITE_TO_DATASET, at=at, name=full, owner="millpond.yml")
        self._own(full, at)
        if full.key in self._state.tables:
            self._state.drop(full)
        elif not missing_ok:
            raise self._not_found(full, at)

    def _own(self, full: QualifiedName, at: Span) -> None:
        """Refuse to change a table that a pipeline fills."""
        stored = self._state.tables.get(full.key)
        if stored is not None and stored.kind != WRITTEN:
            owner = f"the pipeline {stored.owner}"
            raise MillpondError(codes.WRITE_TO_DATASET, at=at, name=full, owner=owner)

    def tables(self) -> tuple[QualifiedName, ...]:
        """The tables that are there before the update and have a name of their own."""
        return self._outside.names()

    def _stored(self, name: Name, full: QualifiedName, at: Span) -> Path | None:
        """Where the last update left a dataset of this pipeline; None for any other table."""
        node = self._graph.find(name, self.catalog, self.schema) if self._graph else None
        if node is None or node.dataset.published:
            return None
        path = stored_path(self._state, full)
        if path is None:
            raise MillpondError(codes.TABLE_NOT_CREATED, at=at, name=full)
        return path

    def _view(self, name: Name, full: QualifiedName) -> DataFrame | None:
        """A view that an update has published, or that the top level of a source file made."""
        stored = self._state.tables.get(full.key)
        if stored is None or not stored.query:
            return self._session_view(name[0]) if len(name) == 1 else None
        reading = Reading(
            self._session,
            self._state,
            self._inputs,
            graph=None,
            dataset=None,
            schema_store=self._schema_store,
            catalog=stored.query_catalog,
            schema=stored.query_schema,
            private=True,
        )
        at = Span(unfiled(f"<view {full}>", stored.query), 1)
        evaluation = Evaluation(str(full), reading)

        def execute(text: str) -> DataFrame:
            with evaluating(None):
                return self._session.sql(text)

        return run_query(self._session, stored.query, evaluation, at, execute, in_file=True)

    def _session_view(self, name: str) -> DataFrame | None:
        """A temporary view that the top level of a source file made."""
        with evaluating(None):
            known = self._session.catalog.tableExists(name)
            return self._session.table(name) if known else None

    def files(
        self, path: str, *, streaming: bool, options: Mapping[str, str], schema: Any, at: Span
    ) -> DataFrame:
        """The files below a path, as Auto Loader reads them."""
        self._sources += 1
        request = AutoLoaderRequest(
            path=self.local_path(path, at),
            options=options,
            schema=schema,
            at=at,
            schema_store=self._schema_store / str(self._sources),
            user_path=path,
            mount=self._mounted(path),
            running=self._running,
        )
        read = auto_loader.read_stream if streaming else auto_loader.read_batch
        with evaluating(None):
            return read(self._session, request)

    def path_table(
        self, source: str, path: str, *, streaming: bool, options: Mapping[str, str], at: Span
    ) -> DataFrame:
        """The files of ``format.`path` ``, read with the format's defaults and these options."""
        is_delta = source.casefold() == "delta"
        found = self.local_path(path, at) if is_delta else self.readable_path(path, at)
        with evaluating(None), telling_where(path, self.local_path(path, at)):
            reader = self._session.readStream if streaming else self._session.read
            return reader.format(source).options(**options).load(found)

    def kafka(self, *, streaming: bool, options: Mapping[str, str], at: Span) -> DataFrame:
        """The records of Kafka topics, from the servers that `millpond.yml` names."""
        with evaluating(None):
            return read_kafka(self._session, options, self._inputs.kafka, at, streaming=streaming)

    def event_log(self, pipeline: str | Name, at: Span) -> DataFrame:
        """The event log, as it was before the update."""
        logs = EventLogs(self._session, self._state)
        if isinstance(pipeline, str):
            return logs.by_id(pipeline, at)
        full = qualify(pipeline, self.catalog, self.schema)
        frame = logs.by_table(full)
        if frame is None:
            raise self._not_found(full, at)
        return frame

    def connect(self, format: str, at: Span) -> None:
        """Fetch what a format needs, or refuse it if it exists on Databricks only."""
        with evaluating(None):
            connect(self._session, format, at)

    def readable_path(self, path: str, at: Span) -> str:
        """A path of the user's as Spark can read it: their own URI where it can be mounted."""
        local = self.local_path(path, at)
        mount = self._mounted(path)
        return local if mount is None else mount.uri(path)

    def _mounted(self, path: str) -> Mount | None:
        found = self._inputs.mount(path)
        if found is not None:
            mount(self._session, found, self._inputs)
        return found

    def local_path(self, path: str, at: Span) -> str:
        """Where a path of the user's is on this machine, by `millpond.yml`."""
        return self._inputs.path(path, at)

    def _not_found(self, name: QualifiedName, at: Span) -> MillpondError:
        mine = [str(node.name) for node in self._graph.nodes.values()] if self._graph else []
        known = mine + [str(table) for table in self._outside.names()]
        return MillpondError(
            codes.TABLE_OR_VIEW_NOT_FOUND,
            at=at,
            name=name,
            suggestion=suggestion(str(name), known),
            file=file_to_edit(self._inputs.file),
            line=line_for_table(name),
        )


def reading_for(
    context: UpdateContext,
    flow: Flow,
    table: QualifiedName,
    dataset: DatasetReader,
    *,
    running: bool = True,
) -> Reading:
    """What reads mean in a flow's query, with the catalog and schema in force where it stands.

    Args:
        running: whether the flow runs, and is not only looked at before the update starts.
    """
    query = flow.query
    catalog = query.catalog if isinstance(query, SqlQuery) else None
    schema = query.schema if isinstance(query, SqlQuery) else None
    return Reading(
        context.session,
        context.state,
        context.inputs,
        graph=context.graph,
        dataset=dataset,
        schema_store=context.state.schema_path(table, ".".join(flow.name)),
        catalog=catalog or context.spec.catalog,
        schema=schema or context.spec.schema,
        running=running,
    )


def streamable(frame: DataFrame, streaming: bool, name: QualifiedName, at: Span) -> DataFrame:
    """A view's frame, if it can be read the way the reader asks."""
    if streaming and not frame.isStreaming:
        raise MillpondError(codes.STREAM_READ_OF_BATCH_VIEW, at=at, name=name)
    return frame
