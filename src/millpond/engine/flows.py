"""Run the flows of an update in the order of the graph and record how each ends."""

from __future__ import annotations

import contextvars
import uuid

from millpond.definitions import DatasetKind, Flow
from millpond.engine import tables
from millpond.engine.append import run_append
from millpond.engine.configuration import applied_configuration
from millpond.engine.context import UpdateContext
from millpond.engine.failure import flow_error
from millpond.engine.materialize import run_materialize
from millpond.engine.progress import FlowProgress
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow, ResolvedGraph
from millpond.engine.schedule import Schedule, flows_at_once
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
                if dataset.kind is DatasetKind.STREAMING_TABLE:
                    self._append(dataset, flow, progress)
                else:
                    progress.status("RUNNING")
                    renew = dataset.name.key in self._renew
                    run_materialize(
                        self._context, self._graph, dataset, flow, progress, renew=renew
                    )
        except Exception as error:  # noqa: BLE001 - `flow_error` raises what is no failure of a query
            progress.status("FAILED", flow_error(error, flow, dataset))
            return False
        return True

    def _append(self, dataset: ResolvedDataset, flow: ResolvedFlow, progress: FlowProgress) -> None:
        if not tables.is_made_by_its_first_batch(dataset):
            tables.create(self._context, dataset)
        progress.status("RUNNING")
        run_append(self._context, self._graph, dataset, flow, progress)
        progress.status("COMPLETED")

    def _progress(self, dataset: ResolvedDataset, flow: ResolvedFlow) -> FlowProgress:
        flow_id = uuid.uuid5(
            uuid.UUID(self._context.spec.pipeline_id),
            str(self._context.state.checkpoint_path(dataset.name, flow.name.key)),
        )
        return FlowProgress(self._recorder, dataset, flow, str(flow_id))


def flow_settings(flow: Flow) -> dict[str, str]:
    """The settings of a flow's own that Spark acts on.

    They are set on the one session while its query starts, so such a flow runs alone.
    `pipelines.*` keys steer the pipeline, not Spark.
    """
    return {key: value for key, value in flow.spark_conf.items() if key.startswith("spark.")}
