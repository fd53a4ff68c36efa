"""Run the flows of an update in the order of the graph and record how each ends."""

from __future__ import annotations

import contextvars
import uuid
from collections.abc import Callable, Iterable

from millpond.definitions import DatasetKind, FlowKind
from millpond.engine.cdc.flow import run_auto_cdc, run_auto_cdc_once
from millpond.engine.configuration import (
    applied_configuration,
    flow_settings,
    note_cluster_settings,
)
from millpond.engine.context import UpdateContext
from millpond.engine.continuous import ContinuousSchedule, Pass
from millpond.engine.failure import flow_error
from millpond.engine.passes import Passes
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.retry import continuous_tries, flow_tries, is_retryable, pause
from millpond.engine.schedule import Schedule, flows_at_once
from millpond.engine.snapshots.flow import run_snapshots
from millpond.engine.spark.interruption import interrupt, interruptible
from millpond.engine.writing import tables
from millpond.engine.writing.append import run_append
from millpond.engine.writing.materialize import run_materialize
from millpond.engine.writing.once import run_once
from millpond.engine.writing.progress import ContinuousProgress, FlowProgress
from millpond.engine.writing.replace_using import run_replace_using
from millpond.engine.writing.replace_where import run_replace_where
from millpond.engine.writing.sinks import run_into_sink
from millpond.events.recorder import Recorder
from millpond.notices import active_notices, noticing
from millpond.sources.auto_loader.listings import telling_of_listings


class FlowRunner:
    """Runs the flows of one resolved graph.

    Args:
        renew: keys of the materialized views that are computed in any case.
        tick: called often while flows run, from the thread that runs the update.
    """

    def __init__(
        self,
        context: UpdateContext,
        graph: ResolvedGraph,
        recorder: Recorder,
        renew: frozenset[str] = frozenset(),
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        self._context = context
        self._graph = graph
        self._recorder = recorder
        self._renew = renew
        self._tick = tick
        self._notices = active_notices()
        self._tries = flow_tries(context.spec)
        self._progress: dict[str, FlowProgress] = {}
        self._failures: set[Pass] = set()
        self._passes = Passes(context)
        self._flows = {
            flow.name.key: (dataset, flow) for dataset in graph.tables() for flow in dataset.flows
        }

    @property
    def may_pass(self) -> bool:
        """Whether flows failed, and each of them may pass as it stands."""
        return self._failures == {Pass.TRIES_AGAIN}

    def run(self, selected: frozenset[str]) -> bool:
        """Run the flows of the selected tables; returns whether all of them succeeded.

        Flows of other tables are EXCLUDED, flows after a failed one are SKIPPED.
        """
        after = self._queue(selected, FlowProgress)
        schedule = Schedule(
            after,
            self._run_in_thread,
            self._skip,
            self._alone(after),
            stopped=self._context.stop.is_set,
            drop=self._drop,
            interrupt=self._interrupt,
            prepare=self._activate,
            tick=self._tick,
        )
        return schedule.execute(flows_at_once())

    def run_continuously(self, selected: frozenset[str]) -> bool:
        """Run the flows of the selected tables until the update is asked to stop.

        Returns whether none has failed for good. One that is left alone by what comes before it
        is SKIPPED.

        Raises:
            MillpondError: CONFIGURATION_NOT_VALID for a trigger interval that is none.
        """
        self._passes.set_intervals(self._flows.values())
        after = self._queue(selected, ContinuousProgress)
        schedule = ContinuousSchedule(
            after,
            self._pass_in_thread,
            self._passes.interval,
            self._skip,
            self._alone(after),
            stopped=self._context.stop.is_set,
            interrupt=self._interrupt,
            prepare=self._activate,
            tick=self._tick,
            tries=continuous_tries(self._context.spec),
        )
        succeeded = schedule.execute(flows_at_once())
        for key in schedule.going_on():
            self._drop(key)
        return succeeded

    def _queue(
        self, selected: frozenset[str], progress: type[FlowProgress]
    ) -> dict[str, frozenset[str]]:
        """The flows to run, each with the flows before it."""
        after: dict[str, frozenset[str]] = {}
        for key, (dataset, flow) in self._flows.items():
            kind = FlowProgress if flow.flow.once else progress
            self._progress[key] = kind(self._recorder, dataset, flow, self._flow_id(dataset, flow))
            if dataset.name.key in selected:
                after[key] = self._flows_before(dataset)
                note_cluster_settings(self._context.session, flow.flow)
                self._progress[key].status("QUEUED")
            else:
                self._progress[key].status("EXCLUDED")
        return after

    def _alone(self, keys: Iterable[str]) -> frozenset[str]:
        return frozenset(key for key in keys if self._runs_alone(key))

    def _runs_alone(self, key: str) -> bool:
        """Whether nothing else may run beside a flow.

        Settings are the session's; and of two writers of a table that numbers its rows, Delta
        lets only one go on.
        """
        dataset, flow = self._flows[key]
        several = len(dataset.flows) > 1
        return bool(flow_settings(flow.flow)) or (several and tables.numbers_its_rows(dataset))

    def _activate(self) -> None:
        """Make the session the active one of this thread.

        A Python data source is only found there, and `SparkSession.getActiveSession()` in a
        dataset function is None without; that creating a frame does it is PySpark's public way.
        """
        self._context.session.createDataFrame([], "n INT")

    def _flows_before(self, dataset: ResolvedDataset) -> frozenset[str]:
        before = self._graph.upstream_tables(dataset.name)
        return frozenset(
            flow.name.key for key in before for flow in self._graph.datasets[key].flows
        )

    def _skip(self, key: str) -> None:
        self._progress[key].status("SKIPPED")

    def _interrupt(self) -> None:
        self._recorder.update_progress("STOPPING")
        interrupt(self._context.session)

    def _drop(self, key: str) -> None:
        self._progress[key].status("STOPPED")

    def _run_in_thread(self, key: str) -> bool:
        # A fresh context: nothing of the thread that started the update is in force here.
        return contextvars.Context().run(self._run, key)

    def _run(self, key: str) -> bool:
        """Try the flow as often as the pipeline's mode allows; each try has its events."""
        for attempt in range(1, self._tries + 1):
            outcome = self._attempt(key)
            if outcome in (Pass.RESTS, Pass.IS_DONE):
                return True
            if outcome is not Pass.TRIES_AGAIN:
                break
            if attempt < self._tries:
                self._context.stop.wait(pause(attempt))
        self._failures.add(outcome)
        return False

    def _pass_in_thread(self, key: str) -> Pass:
        return contextvars.Context().run(self._pass, key)

    def _pass(self, key: str) -> Pass:
        """One pass of the flow, if its sources may hold something new."""
        before = self._passes.marks(key)
        if self._passes.is_up_to_date(key, before):
            return Pass.RESTS
        ended = self._attempt(key)
        if ended is Pass.RESTS:
            self._passes.ended(key, before)
        return ended

    def _attempt(self, key: str) -> Pass:
        (dataset, flow), progress = self._flows[key], self._progress[key]
        if self._context.stop.is_set():
            progress.status("STOPPED")
            return Pass.STOPPED
        progress.status("STARTING")
        try:
            with applied_configuration(self._context.session, flow_settings(flow.flow)):
                progress.status("RUNNING")
                if dataset.kind is DatasetKind.MATERIALIZED_VIEW:
                    self._materialize(dataset, flow, progress)
                    ended = True
                else:
                    run = _run_of(dataset, flow)
                    with noticing(self._notices), telling_of_listings(progress.listed):
                        ended = run(self._context, self._graph, dataset, flow, progress)
                    progress.status("COMPLETED" if ended else "STOPPED")
        except Exception as error:  # noqa: BLE001 - `flow_error` raises what is no failure of a query
            if self._context.stop.is_set():
                progress.status("STOPPED")
                return Pass.STOPPED
            failure = flow_error(error, flow, dataset)
            progress.status("FAILED", failure)
            return Pass.TRIES_AGAIN if is_retryable(failure, error) else Pass.FAILED
        if not ended:
            return Pass.STOPPED
        return Pass.IS_DONE if flow.flow.once else Pass.RESTS

    def _materialize(
        self, dataset: ResolvedDataset, flow: ResolvedFlow, progress: FlowProgress
    ) -> None:
        """It may be cut short: its table is replaced in one commit or not at all."""
        first = flow.name.key not in self._passes.computed
        renew = first and dataset.name.key in self._renew
        with interruptible(self._context.session):
            computation = run_materialize(
                self._context, self._graph, dataset, flow, progress, renew=renew
            )
        self._passes.computed[flow.name.key] = computation

    def _flow_id(self, dataset: ResolvedDataset, flow: ResolvedFlow) -> str:
        path = self._context.state.checkpoint_path(dataset.name, flow.name.key)
        return str(uuid.uuid5(uuid.UUID(self._context.spec.pipeline_id), str(path)))


def _run_of(dataset: ResolvedDataset, flow: ResolvedFlow) -> Callable[..., bool]:
    """What runs a flow of this kind into a streaming table or a sink.

    It returns whether it got to the end; False if the update was asked to stop.
    """
    if dataset.kind is DatasetKind.SINK:
        return run_into_sink
    if flow.flow.kind is FlowKind.SNAPSHOT_CDC:
        return run_snapshots
    if flow.flow.once:
        return run_auto_cdc_once if flow.flow.kind is FlowKind.AUTO_CDC else run_once
    return {
        FlowKind.APPEND: run_append,
        FlowKind.AUTO_CDC: run_auto_cdc,
        FlowKind.REPLACE_USING: run_replace_using,
        FlowKind.REPLACE_WHERE: run_replace_where,
    }[flow.flow.kind]
