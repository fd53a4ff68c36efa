"""Open a pipeline to explain rows of its tables: its source is read, nothing is written."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from millpond import codes
from millpond.definitions import DatasetKind, PipelineSpec, parse_name, qualify
from millpond.engine.configuration import applied_configuration, with_secrets
from millpond.engine.context import UpdateContext
from millpond.engine.evaluation.reading import Reading
from millpond.engine.evaluation.relations import Evaluation, evaluating
from millpond.engine.explanation.outcome import Explanation
from millpond.engine.explanation.trail import Explainer
from millpond.engine.spark.session import start_session
from millpond.engine.state import State, read_state
from millpond.errors import MillpondError
from millpond.events.reader import LogReader
from millpond.graph.declared import DeclaredGraph, Node, declare
from millpond.graph.suggestion import suggestion
from millpond.load.environment import source_environment
from millpond.load.pipeline import load_definitions, read_programs
from millpond.notices import Notices, noticing
from millpond.sources.inputs import LocalInputs

_KINDS = {DatasetKind.TEMPORARY_VIEW: "a view", DatasetKind.SINK: "a sink"}


@dataclass(frozen=True, slots=True)
class ExplainRequest:
    """What to explain.

    Attributes:
        table: the name of a table, as users write it.
        key: values of some of its columns, as typed.
        limit: how many rows are shown at each place.
    """

    spec: PipelineSpec
    state: Path
    inputs: LocalInputs
    table: str
    key: Mapping[str, str]
    limit: int = 5


def explain(request: ExplainRequest) -> Explanation:
    """Where rows of a table came from, by the pipeline's source as it is now.

    Raises:
        MillpondError: NO_STATE; HISTORY_UNKNOWN_TABLE; those of `Explainer.explain`.
        Failures: what is wrong with the pipeline's source.
    """
    spec = with_secrets(request.spec, request.inputs)
    state = read_state(request.state)
    programs = read_programs(spec, request.inputs)
    session = start_session(state.logs)
    with tempfile.TemporaryDirectory(prefix="millpond-explain-") as scratch:
        reading = Reading(
            session,
            state,
            request.inputs,
            graph=None,
            dataset=None,
            schema_store=Path(scratch),
            catalog=spec.catalog,
            schema=spec.schema,
        )
        with (
            source_environment(spec.root_path),
            noticing(Notices()),
            applied_configuration(session, spec.configuration),
        ):
            with evaluating(Evaluation(None, reading)):
                definitions = load_definitions(spec, programs, session, request.inputs)
            graph = declare(definitions, spec)
            context = UpdateContext(spec, session, state, request.inputs, graph)
            node = _table(request.table, graph)
            explainer = Explainer(context, request.limit, _readers(state, graph))
            return explainer.explain(node, request.key)


def _table(name: str, graph: DeclaredGraph) -> Node:
    node = graph.find(parse_name(name))
    tables = [
        str(each.name)
        for each in graph.nodes.values()
        if each.dataset.kind not in _KINDS and each.sink is None
    ]
    if node is None:
        raise MillpondError(
            codes.HISTORY_UNKNOWN_TABLE,
            name=name,
            suggestion=suggestion(name, tables),
            known=", ".join(tables),
        )
    if node.dataset.kind in _KINDS:
        raise MillpondError(
            codes.EXPLAIN_NOT_A_TABLE,
            at=node.dataset.at,
            name=node.name,
            what=_KINDS[node.dataset.kind],
            known=", ".join(tables),
        )
    return node


def _readers(state: State, graph: DeclaredGraph) -> dict[str, list[str]]:
    """By the key of each dataset, the tables that read it, also through views: as the log tells."""
    reads = _reads(state, graph)
    found: dict[str, list[str]] = {}
    for key, node in graph.nodes.items():
        if node.dataset.kind is DatasetKind.TEMPORARY_VIEW:
            continue
        waiting, visited = list(reads.get(key, ())), set()
        while waiting:
            source = waiting.pop()
            if source in visited:
                continue
            visited.add(source)
            known = graph.nodes.get(source)
            if known is not None and known.dataset.kind is DatasetKind.TEMPORARY_VIEW:
                waiting.extend(reads.get(source, ()))
            else:
                found.setdefault(source, []).append(key)
    return found


def _reads(state: State, graph: DeclaredGraph) -> Mapping[str, Sequence[str]]:
    log = LogReader(state.events, state.journal)
    updates = log.updates()
    if not updates:
        return {}
    reads: dict[str, list[str]] = {}
    for event in log.events([each.id for each in updates[:3]], ["flow_definition"]):
        output = event.body.get("output_dataset")
        if output:
            inputs = [_key(str(each), graph) for each in event.body.get("input_datasets") or ()]
            reads[_key(str(output), graph)] = inputs
    return reads


def _key(name: str, graph: DeclaredGraph) -> str:
    return qualify(tuple(name.split(".")), graph.catalog, graph.schema).key
