"""Run one update of a pipeline: load, resolve, reset, run, and write the event log."""

from __future__ import annotations

import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import Definitions, PipelineSpec
from millpond.engine import tables
from millpond.engine.analysis import Analyzer
from millpond.engine.classic.process import java_process
from millpond.engine.configuration import applied_configuration
from millpond.engine.context import UpdateContext
from millpond.engine.continuity import check_continuity
from millpond.engine.event_logs import publish_log
from millpond.engine.failure import is_lost_connection
from millpond.engine.flows import FlowRunner
from millpond.engine.holder import note_java
from millpond.engine.hooks import HookRunner
from millpond.engine.part import PartChooser
from millpond.engine.reading import Reading
from millpond.engine.relations import Evaluation, evaluating
from millpond.engine.resolved import ResolvedGraph
from millpond.engine.selection import Selection, select
from millpond.engine.session import start_session
from millpond.engine.state import State, open_state
from millpond.engine.stop import Cancelled, stop_on_signals
from millpond.errors import Failures, MillpondError
from millpond.events.event import Event, Origin
from millpond.events.log import EventLog
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

_DROP_INACTIVE = "pipelines.dropInactiveTables"
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
        reset_checkpoint: names of flows that read their sources from the start into the rows
            that their tables have.
        dry_run: stop after the graph is resolved; nothing is written but the event log.
        continuous: go on with what arrives until the update is asked to stop (reference 5.3).
        cause: why it runs, a cause of reference 5.1.
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
    reset_checkpoint: tuple[str, ...] = ()
    continuous: bool = False
    cause: str = "USER_ACTION"


def run_update(request: UpdateRequest, on_event: Callable[[Event], None]) -> UpdateSummary:
    """Run one update and return what it did, as its events tell it.

    Errors in the user's source or data are in the summary, whose state is then FAILED. Ctrl-C or
    SIGTERM ends it after the batches that are running; its state is then CANCELED.

    Args:
        on_event: called with every event as it happens, in order, from several threads.

    Raises:
        MillpondError: for what comes before an update: the state folder is in use, or Java
            or Spark's jars are missing; or SPARK_ENDED.
        Failures: source whose text is wrong, so that there is nothing to update.
    """
    spec = request.spec
    with (
        open_state(request.state, spec.catalog, spec.schema, spec.project, spec.target) as state,
        _spark_errors(state),
    ):
        # Before Spark starts: most mistakes are told in half a second.
        notices = Notices()
        with noticing(notices):
            programs = read_programs(spec)
        session = start_session(state.logs)
        note_java(state.folder, java_process(session))
        publish_log(state, spec)
        log = EventLog(session, state.events)
        origin = Origin(spec.pipeline_id, spec.name, str(uuid.uuid4()))
        hooks = HookRunner()
        recorder = Recorder(origin, [log.see, on_event, hooks.see])
        try:
            with (
                _deep_recursion(),
                stop_on_signals() as stop,
                applied_configuration(session, spec.configuration),
            ):
                _Update(
                    request, programs, session, state, recorder, log, notices, hooks, stop
                ).run()
        finally:
            log.write()
        return summarize(log.events)


@dataclass(slots=True)
class _Update:
    """One update in progress."""

    request: UpdateRequest
    programs: tuple[Program, ...]
    session: SparkSession
    state: State
    recorder: Recorder
    log: EventLog
    notices: Notices
    hooks: HookRunner
    stop: threading.Event

    def run(self) -> None:
        """Go through the phases of reference 5.1; errors of the user's end it as FAILED."""
        request = self.request
        self.recorder.create_update(
            request.cause,
            request.full_refresh_all,
            request.refresh,
            request.full_refresh,
            request.dry_run,
            dict(self.request.spec.settings),
        )
        self.recorder.update_progress("INITIALIZING")
        notices = self.notices
        with source_environment(self.request.spec.root_path), noticing(notices):
            for difference in self.request.spec.differences:
                notices.note(difference.feature, difference.at)
            try:
                succeeded = self._phases()
            except (Failures, MillpondError) as failure:
                errors = failure.errors if isinstance(failure, Failures) else (failure,)
                for error in errors:
                    self.recorder.user_error(error)
                succeeded = False
            except Cancelled:
                succeeded = False
        ended = "COMPLETED" if succeeded else "FAILED"
        self.recorder.update_progress("CANCELED" if self.stop.is_set() else ended)
        self.hooks.close()
        self.recorder.notices(notices)

    def _phases(self) -> bool:
        request = self.request
        definitions = self._definitions()
        self.hooks.start(definitions.hooks, self.recorder)
        graph, roots = declare(definitions, self.request.spec), None
        if request.part is not None:
            graph, roots = request.part(self.session, self.state, graph)
        context = UpdateContext(
            self.request.spec, self.session, self.state, request.inputs, graph, self.stop
        )
        resolved = Analyzer(context).resolve(roots)
        selection = select(
            resolved,
            context.graph,
            refresh=request.refresh,
            full_refresh=request.full_refresh,
            full_refresh_all=request.full_refresh_all,
            reset_checkpoint=request.reset_checkpoint,
        )
        self._describe(resolved)
        check_continuity(context, resolved, selection)
        self._check_stop()
        if request.dry_run:
            return True
        self._set_up(context, resolved, selection)
        self._check_stop()
        self.recorder.update_progress("RUNNING")
        tick = self.log.write_in_time
        runner = FlowRunner(context, resolved, self.recorder, selection.renew, tick)
        run = runner.run_continuously if request.continuous else runner.run
        return run(selection.run)

    def _check_stop(self) -> None:
        if self.stop.is_set():
            raise Cancelled

    def _definitions(self) -> Definitions:
        """What the source defines; reads and actions at module level see local data."""
        reading = Reading(
            self.session,
            self.state,
            self.request.inputs,
            graph=None,
            dataset=None,
            schema_store=self.state.folder / "schemas" / "%module",
            catalog=self.request.spec.catalog,
            schema=self.request.spec.schema,
        )
        with evaluating(Evaluation(None, reading)):
            return load_definitions(
                self.request.spec, self.programs, self.session, self.request.inputs
            )

    def _describe(self, graph: ResolvedGraph) -> None:
        for dataset in graph.datasets.values():
            if dataset.sink is not None:
                sink = dataset.sink
                self.recorder.sink_definition(str(dataset.name), sink.format, sink.options)
            else:
                self.recorder.dataset_definition(
                    str(dataset.name),
                    dataset.kind,
                    len(dataset.flows),
                    dataset.dataset.expectations,
                )
            for flow in dataset.flows:
                self.recorder.flow_definition(
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
            self.recorder.update_progress("RESETTING")
            for key in sorted(selection.reset):
                self.state.renew(graph.datasets[key].name)
        for dataset in graph.tables():
            for flow in dataset.flows:
                if flow.name.key in selection.checkpoints:
                    self.state.drop_checkpoint(dataset.name, ".".join(flow.flow.name))
        self.recorder.update_progress("SETTING_UP_TABLES")
        for dataset in graph.tables():
            tables.register(context, dataset)
        self._deactivate_vanished(context.graph)

    def _deactivate_vanished(self, graph: DeclaredGraph) -> None:
        """Tables whose definition is gone stay, and are no longer updated (reference 5.8).

        With `pipelines.dropInactiveTables` they are dropped.
        """
        drop = self.request.spec.configuration.get(_DROP_INACTIVE, "false").casefold() == "true"
        for key, table in list(self.state.tables.items()):
            if table.pipeline != self.request.spec.pipeline_id or key in graph.nodes:
                continue
            if drop:
                self.state.drop(table.qualified)
            elif table.active:
                self.state.record(replace(table, active=False))


@contextmanager
def _spark_errors(state: State) -> Iterator[None]:
    """Say what it means when Spark's process no longer answers."""
    try:
        yield
    except Exception as error:
        if not is_lost_connection(error):
            raise
        raise MillpondError(codes.SPARK_ENDED, log=state.logs / "jvm.log") from error


@contextmanager
def _deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEP))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
