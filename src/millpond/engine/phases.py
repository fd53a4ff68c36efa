"""The phases of one update: initialize, resolve, reset, set up tables, run (reference 5.1)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from millpond.definitions import Definitions
from millpond.engine.analysis import Analyzer
from millpond.engine.context import UpdateContext
from millpond.engine.continuity import check_continuity
from millpond.engine.evaluation.missing import not_caught
from millpond.engine.evaluation.reading import Reading
from millpond.engine.evaluation.relations import Evaluation, evaluating
from millpond.engine.failed import failed_tables
from millpond.engine.flows import FlowRunner
from millpond.engine.hooks import HookRunner
from millpond.engine.request import UpdateRequest
from millpond.engine.resolved import ResolvedGraph
from millpond.engine.selection import Selection, select, starting_anew
from millpond.engine.spark.remote import check_remote
from millpond.engine.state import State
from millpond.engine.stop import Cancelled
from millpond.engine.writing import tables
from millpond.errors import Failures, MillpondError
from millpond.events.log import EventLog
from millpond.events.query_source import query_source
from millpond.events.recorder import Recorder
from millpond.graph.declared import DeclaredGraph, declare
from millpond.load.environment import source_environment
from millpond.load.pipeline import load_definitions
from millpond.load.program import Program
from millpond.notices import Notices, noticing
from millpond.runtime.versions import runtime_version

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_DROP_INACTIVE = "pipelines.dropInactiveTables"


@dataclass(slots=True)
class Phases:
    """One update in progress.

    Attributes:
        may_pass: whether all that failed in it may pass as it stands.
    """

    request: UpdateRequest
    programs: tuple[Program, ...]
    session: SparkSession
    state: State
    recorder: Recorder
    log: EventLog
    notices: Notices
    hooks: HookRunner
    stop: threading.Event
    may_pass: bool = False

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
            self.request.spec.jobs,
        )
        if request.cause == "USER_ACTION":
            self.recorder.user_action("START")
        self.recorder.runtime_details(runtime_version(self.session.version))
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
        resolved = Analyzer(context, starting_anew(request, graph)).resolve(roots)
        check_remote(self.session, resolved)
        selection = select(
            resolved,
            context.graph,
            refresh=request.refresh,
            full_refresh=request.full_refresh,
            full_refresh_all=request.full_refresh_all,
            reset_checkpoint=request.reset_checkpoint,
            failed=self._failed(resolved) if request.refresh_failed else None,
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
        succeeded = run(selection.run)
        self.may_pass = runner.may_pass
        return succeeded

    def _failed(self, graph: ResolvedGraph) -> frozenset[str]:
        pipeline_id = self.request.spec.pipeline_id
        found = failed_tables(self.session, self.state.events, pipeline_id)
        return frozenset(graph.datasets) if found is None else found

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
            try:
                return load_definitions(
                    self.request.spec, self.programs, self.session, self.request.inputs
                )
            except Failures as failures:
                for error in failures:
                    not_caught(error)
                raise

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
                    source=query_source(flow.flow),
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
        for dataset in graph.datasets.values():
            if dataset.dataset.published:
                tables.register_view(context, dataset)
        self._deactivate_vanished(context.graph)

    def _deactivate_vanished(self, graph: DeclaredGraph) -> None:
        """Tables whose definition is gone stay, and are no longer updated (reference 5.8).

        With `pipelines.dropInactiveTables` they are dropped. A view is nothing but its definition.
        """
        drop = self.request.spec.configuration.get(_DROP_INACTIVE, "false").casefold() == "true"
        for key, table in list(self.state.tables.items()):
            if table.pipeline != self.request.spec.pipeline_id or key in graph.nodes:
                continue
            if drop or table.query:
                self.state.drop(table.qualified)
            elif table.active:
                self.state.record(replace(table, active=False))
