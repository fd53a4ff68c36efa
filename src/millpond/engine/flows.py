"""Run the flows of an update in the order of the graph and record how each ends."""

from __future__ import annotations

import contextvars
import uuid
from collections.abc import Callable
from enum import Enum

from millpond.definitions import DatasetKind, FlowKind
from millpond.engine.append import run_append
from millpond.engine.configuration import (
    applied_configuration,
    flow_settings,
    note_cluster_settings,
)
from millpond.engine.context import UpdateContext
from millpond.engine.failure import flow_error
from millpond.engine.materialize import run_materialize
from millpond.engine.once import run_once
from millpond.engine.progress import FlowProgress
from millpond.engine.replace_using import run_replace_using
from millpond.engine.replace_where import run_replace_where
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.retry import flow_tries, is_retryable, pause
from millpond.engine.schedule import Schedule, flows_at_once
from millpond.engine.sinks import run_into_sink
from millpond.events.recorder import Recorder

_INTERRUPTIBLE = "millpond-materialize"
"""Marks jobs that may be cut short: their table is replaced in one commit or not at all."""


class _Outcome(Enum):
    """How one try of a flow ended."""

    SUCCEEDED = 1
    RETRYABLE = 2
    ENDED = 3


class FlowRunner:
    """Runs the flows of one resolved graph."""

    def __init__(
        self,
        context: UpdateContext,
        graph: ResolvedGraph,
        recorder: Recorder,
        renew: frozenset[str] = frozenset(),
    ) -> None:
        self._context = context
        self._graph = graph
        self._recorder = recorder
        self._renew = renew
        self._tries = flow_tries(context.spec)
        self._flows = {
            flow.name.key: (dataset, flow) for dataset in graph.tables() for flow in dataset.flows
        }

    def run(self, selected: frozenset[str]) -> bool:
        """Run the flows of the selected tables; returns whether all of them succeeded.

        Flows of other tables are EXCLUDED, flows after a failed one are SKIPPED.
        """
        after: dict[str, frozenset[str]] = {}
        for key, (dataset, flow) in self._flows.items():
            if dataset.name.key in selected:
                after[key] = self._flows_before(dataset)
                note_cluster_settings(self._context.session, flow.flow)
                self._progress(dataset, flow).status("QUEUED")
            else:
                self._progress(dataset, flow).status("EXCLUDED")
        alone = frozenset(key for key in after if flow_settings(self._flows[key][1].flow))
        schedule = Schedule(
            after,
            self._run,
            self._skip,
            alone,
            stopped=self._context.stop.is_set,
            drop=self._drop,
            interrupt=self._interrupt,
            prepare=self._activate,
        )
        return schedule.execute(flows_at_once())

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
        dataset, flow = self._flows[key]
        self._progress(dataset, flow).status("SKIPPED")

    def _interrupt(self) -> None:
        self._context.session.interruptTag(_INTERRUPTIBLE)

    def _drop(self, key: str) -> None:
        dataset, flow = self._flows[key]
        self._progress(dataset, flow).status("STOPPED")

    def _run(self, key: str) -> bool:
        dataset, flow = self._flows[key]
        # A fresh context: nothing of the thread that started the update is in force here.
        return contextvars.Context().run(self._run_flow, dataset, flow)

    def _run_flow(self, dataset: ResolvedDataset, flow: ResolvedFlow) -> bool:
        """Try the flow as often as the pipeline's mode allows; each try has its events."""
        progress = self._progress(dataset, flow)
        for attempt in range(1, self._tries + 1):
            outcome = self._attempt(dataset, flow, progress)
            if outcome is not _Outcome.RETRYABLE:
                return outcome is _Outcome.SUCCEEDED
            if attempt < self._tries:
                self._context.stop.wait(pause(attempt))
        return False

    def _attempt(
        self, dataset: ResolvedDataset, flow: ResolvedFlow, progress: FlowProgress
    ) -> _Outcome:
        if self._context.stop.is_set():
            progress.status("STOPPED")
            return _Outcome.ENDED
        progress.status("STARTING")
        try:
            settings = flow_settings(flow.flow)
            with applied_configuration(self._context.session, settings):
                if dataset.kind is DatasetKind.MATERIALIZED_VIEW:
                    return self._materialize(dataset, flow, progress)
                progress.status("RUNNING")
                ended = _run_of(dataset, flow)(self._context, self._graph, dataset, flow, progress)
                progress.status("COMPLETED" if ended else "STOPPED")
                return _Outcome.SUCCEEDED if ended else _Outcome.ENDED
        except Exception as error:  # noqa: BLE001 - `flow_error` raises what is no failure of a query
            if self._context.stop.is_set():
                progress.status("STOPPED")
                return _Outcome.ENDED
            failure = flow_error(error, flow, dataset)
            progress.status("FAILED", failure)
            return _Outcome.RETRYABLE if is_retryable(failure, error) else _Outcome.ENDED

    def _materialize(
        self, dataset: ResolvedDataset, flow: ResolvedFlow, progress: FlowProgress
    ) -> _Outcome:
        progress.status("RUNNING")
        renew = dataset.name.key in self._renew
        self._context.session.addTag(_INTERRUPTIBLE)
        try:
            run_materialize(self._context, self._graph, dataset, flow, progress, renew=renew)
        finally:
            self._context.session.removeTag(_INTERRUPTIBLE)
        return _Outcome.SUCCEEDED

    def _progress(self, dataset: ResolvedDataset, flow: ResolvedFlow) -> FlowProgress:
        flow_id = uuid.uuid5(
            uuid.UUID(self._context.spec.pipeline_id),
            str(self._context.state.checkpoint_path(dataset.name, flow.name.key)),
        )
        return FlowProgress(self._recorder, dataset, flow, str(flow_id))


def _run_of(dataset: ResolvedDataset, flow: ResolvedFlow) -> Callable[..., bool]:
    """What runs a flow of this kind into a streaming table or a sink.

    It returns whether it got to the end; False if the update was asked to stop.
    """
    if dataset.kind is DatasetKind.SINK:
        return run_into_sink
    if flow.flow.once:
        return run_once
    return {
        FlowKind.APPEND: run_append,
        FlowKind.REPLACE_USING: run_replace_using,
        FlowKind.REPLACE_WHERE: run_replace_where,
    }[flow.flow.kind]
