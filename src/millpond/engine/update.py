"""Run one update of a pipeline: load, resolve, reset, run, and write the event log."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.definitions import Definitions, PipelineSpec
from millpond.engine import tables
from millpond.engine.analysis import Analyzer
from millpond.engine.configuration import applied_configuration
from millpond.engine.context import UpdateContext
from millpond.engine.flows import FlowRunner
from millpond.engine.hooks import HookRunner
from millpond.engine.part import PartChooser
from millpond.engine.reading import Reading
from millpond.engine.relations import Evaluation, evaluating
from millpond.engine.resolved import ResolvedGraph
from millpond.engine.selection import Selection, select
from millpond.engine.session import start_session
from millpond.engine.state import State, open_state
from millpond.errors import Failures, MillpondError
from millpond.events import table as event_table
from millpond.events.event import Event, Origin
from millpond.events.outcome import UpdateSummary
from millpond.events.recorder import Recorder
from millpond.events.summary import summarize
from millpond.graph.declared import DeclaredGraph, declare
from millpond.load.environment import source_environment
from millpond.load.pipeline import load_definitions, read_programs
from millpond.load.program import Program
from millpond.notices import Notices, noticing
from millpond.sources.inputs import LocalInputs

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_DEEP = 20_000
"""Python's recursion limit during an update: datasets are resolved inside each other's reads."""


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """What to run, where its state lives, and which part of it.

    Attributes:
        state: the state folder.
        inputs: what paths of the user's are on this machine.
        refresh: names of tables to refresh; with `full_refresh` empty too, all of them.
        full_refresh: names of tables to rebuild from the start.
        dry_run: stop after the graph is resolved; nothing is written but the event log.
        part: chooses the part of the graph to run; None runs the whole of it.
    """

    spec: PipelineSpec
    state: Path
    inputs: LocalInputs
    refresh: tuple[str, ...] = ()
    full_refresh: tuple[str, ...] = ()
    full_refresh_all: bool = False
    dry_run: bool = False
    part: PartChooser | None = None


def run_update(request: UpdateRequest, on_event: Callable[[Event], None]) -> UpdateSummary:
    """Run one update and return what it did, as the event log tells it.

    Errors in the user's source or data are in the summary, whose state is then FAILED.

    Args:
        on_event: called with every event as it happens, in order, from several threads.

    Raises:
        MillpondError: for what comes before an update: the state folder is in use, or Java
            or Spark's jars are missing.
        Failures: source whose text is wrong, so that there is nothing to update.
    """
    spec = request.spec
    with open_state(request.state, spec.catalog, spec.schema, spec.project) as state:
        # Before Spark starts: most mistakes are told in half a second.
        notices = Notices()
        with noticing(notices):
            programs = read_programs(spec)
        session = start_session(state.logs)
        events: list[Event] = []
        origin = Origin(spec.pipeline_id, spec.name, str(uuid.uuid4()))
        hooks = HookRunner()
        recorder = Recorder(origin, [events.append, on_event, hooks.see])
        try:
            with _deep_recursion(), applied_configuration(session, spec.configuration):
                _Update(request, programs, session, state, recorder, notices, hooks).run()
        finally:
            event_table.append(session, state.events, events)
        return summarize(event_table.read(session, state.events, origin.update_id))


class _Update:
    """One update in progress."""

    def __init__(
        self,
        request: UpdateRequest,
        programs: tuple[Program, ...],
        session: SparkSession,
        state: State,
        recorder: Recorder,
        notices: Notices,
        hooks: HookRunner,
    ) -> None:
        self._request = request
        self._programs = programs
        self._spec = request.spec
        self._session = session
        self._state = state
        self._recorder = recorder
        self._notices = notices
        self._hooks = hooks

    def run(self) -> None:
        """Go through the phases of reference 5.1; errors of the user's end it as FAILED."""
        request = self._request
        self._recorder.create_update(
            "USER_ACTION",
            request.full_refresh_all,
            request.refresh,
            request.full_refresh,
            request.dry_run,
            dict(self._spec.settings),
        )
        self._recorder.update_progress("INITIALIZING")
        notices = self._notices
        with source_environment(self._spec.root_path), noticing(notices):
            for difference in self._spec.differences:
                notices.note(difference.feature, difference.at)
            try:
                succeeded = self._phases()
            except (Failures, MillpondError) as failure:
                errors = failure.errors if isinstance(failure, Failures) else (failure,)
                for error in errors:
                    self._recorder.user_error(error)
                succeeded = False
            except KeyboardInterrupt:
                for query in self._session.streams.active:
                    query.stop()
                self._recorder.notices(notices)
                self._recorder.update_progress("CANCELED")
                raise
        self._recorder.update_progress("COMPLETED" if succeeded else "FAILED")
        self._hooks.close()
        self._recorder.notices(notices)

    def _phases(self) -> bool:
        request = self._request
        definitions = self._definitions()
        self._hooks.start(definitions.hooks, self._recorder)
        graph, roots = declare(definitions, self._spec), None
        if request.part is not None:
            graph, roots = request.part(self._session, self._state, graph)
        context = UpdateContext(self._spec, self._session, self._state, request.inputs, graph)
        resolved = Analyzer(context).resolve(roots)
        selection = select(
            resolved,
            context.graph,
            refresh=request.refresh,
            full_refresh=request.full_refresh,
            full_refresh_all=request.full_refresh_all,
        )
        self._describe(resolved)
        if request.dry_run:
            return True
        self._set_up(context, resolved, selection)
        self._recorder.update_progress("RUNNING")
        return FlowRunner(context, resolved, self._recorder, selection.renew).run(selection.run)

    def _definitions(self) -> Definitions:
        """What the source defines; reads and actions at module level see local data."""
        reading = Reading(
            self._session,
            self._state,
            self._request.inputs,
            graph=None,
            dataset=None,
            schema_store=self._state.folder / "schemas" / "%module",
            catalog=self._spec.catalog,
            schema=self._spec.schema,
        )
        with evaluating(Evaluation(None, reading)):
            return load_definitions(self._spec, self._programs, self._session, self._request.inputs)

    def _describe(self, graph: ResolvedGraph) -> None:
        for dataset in graph.datasets.values():
            if dataset.sink is not None:
                sink = dataset.sink
                self._recorder.sink_definition(str(dataset.name), sink.format, sink.options)
            else:
                self._recorder.dataset_definition(
                    str(dataset.name),
                    dataset.kind,
                    len(dataset.flows),
                    dataset.dataset.expectations,
                )
            for flow in dataset.flows:
                self._recorder.flow_definition(
                    str(flow.name),
                    str(dataset.name),
                    [str(name) for name in flow.inputs],
                    flow.flow.kind,
                    flow.flow.language,
                    flow.flow.comment,
                    schema_json=dataset.schema.json(),
                    once=flow.flow.once,
                )

    def _set_up(self, context: UpdateContext, graph: ResolvedGraph, selection: Selection) -> None:
        if selection.reset:
            self._recorder.update_progress("RESETTING")
            for key in sorted(selection.reset):
                self._state.renew(graph.datasets[key].name)
        self._recorder.update_progress("SETTING_UP_TABLES")
        for dataset in graph.tables():
            tables.register(context, dataset)
        self._deactivate_vanished(context.graph)

    def _deactivate_vanished(self, graph: DeclaredGraph) -> None:
        """Tables whose definition is gone stay, and are no longer updated (reference 5.8)."""
        for key, table in list(self._state.tables.items()):
            if table.pipeline == self._spec.pipeline_id and key not in graph.nodes:
                self._state.record(replace(table, active=False))


@contextmanager
def _deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEP))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
