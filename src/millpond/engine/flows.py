"""Run the flows of an update in the order of the graph and record how each ends."""

from __future__ import annotations

import contextvars
import uuid
from collections.abc import Callable

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
from millpond.engine.schedule import Schedule, flows_at_once
from millpond.engine.sinks import run_into_sink
from millpond.events.recorder import Recorder


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
        return Schedule(after, self._run, self._skip, alone).execute(flows_at_once())

    def _flows_before(self, dataset: ResolvedDataset) -> frozenset[str]:
        before = self._graph.upstream_tables(dataset.name)
        return frozenset(
            flow.name.key for key in before for flow in self._graph.datasets[key].flows
        )

    def _skip(self, key: str) -> None:
        dataset, flow = self._flows[key]
        self._progress(dataset, flow).status("SKIPPED")

    def _run(self, key: str) -> bool:
        dataset, flow = self._flows[key]
        # A fresh context: nothing of the thread that started the update is in force here.
        return contextvars.Context().run(self._run_flow, dataset, flow)

    def _run_flow(self, dataset: ResolvedDataset, flow: ResolvedFlow) -> bool:
        progress = self._progress(dataset, flow)
        progress.status("STARTING")
        try:
            settings = flow_settings(flow.flow)
            with applied_configuration(self._context.session, settings):
                progress.status("RUNNING")
                if dataset.kind is not DatasetKind.MATERIALIZED_VIEW:
                    run = _run_of(dataset, flow)
                    run(self._context, self._graph, dataset, flow, progress)
                    progress.status("COMPLETED")
                else:
                    renew = dataset.name.key in self._renew
                    run_materialize(
                        self._context, self._graph, dataset, flow, progress, renew=renew
                    )
        except Exception as error:  # noqa: BLE001 - `flow_error` raises what is no failure of a query
            progress.status("FAILED", flow_error(error, flow, dataset))
            return False
        return True

    def _progress(self, dataset: ResolvedDataset, flow: ResolvedFlow) -> FlowProgress:
        flow_id = uuid.uuid5(
            uuid.UUID(self._context.spec.pipeline_id),
            str(self._context.state.checkpoint_path(dataset.name, flow.name.key)),
        )
        return FlowProgress(self._recorder, dataset, flow, str(flow_id))


def _run_of(dataset: ResolvedDataset, flow: ResolvedFlow) -> Callable[..., None]:
    """What runs a flow of this kind into a streaming table or a sink."""
    if dataset.kind is DatasetKind.SINK:
        return run_into_sink
    if flow.flow.once:
        return run_once
    return {
        FlowKind.APPEND: run_append,
        FlowKind.REPLACE_USING: run_replace_using,
        FlowKind.REPLACE_WHERE: run_replace_where,
    }[flow.flow.kind]
