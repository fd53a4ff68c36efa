"""What flows may write to what (reference 1.4, 1.7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from millpond import codes
from millpond.definitions import Expectation, Flow, FlowKind, QualifiedName, Sink
from millpond.errors import MillpondError

_CDC = (FlowKind.AUTO_CDC, FlowKind.SNAPSHOT_CDC)
_INTO_SINKS = (FlowKind.APPEND, FlowKind.UPDATE)


def sink_errors(sink: Sink, flows: Sequence[Flow]) -> Iterable[MillpondError]:
    """Flows that do not write to this sink: it takes append flows and, unless Delta, updates."""
    for flow in flows:
        name, target = ".".join(flow.name), ".".join(sink.name)
        if flow.kind not in _INTO_SINKS:
            kind = flow.kind.value.replace("_", " ")
            yield MillpondError(
                codes.SINK_FLOW_KIND, at=flow.at, flow=name, target=target, kind=kind
            )
        elif flow.kind is FlowKind.UPDATE and sink.format.casefold() == "delta":
            kind = "a Delta sink"
            yield MillpondError(
                codes.UPDATE_FLOW_TARGET, at=flow.at, flow=name, target=target, kind=kind
            )


def table_errors(target: QualifiedName, flows: Sequence[Flow]) -> Iterable[MillpondError]:
    """Flows that do not go together in one table, or do not write to tables."""
    changes = any(flow.kind in _CDC for flow in flows)
    compared = next((flow for flow in flows if flow.kind is FlowKind.SNAPSHOT_CDC), None)
    replacing = next((flow for flow in flows if flow.kind is FlowKind.REPLACE_USING), None)
    for flow in flows:
        name = ".".join(flow.name)
        if flow.kind is FlowKind.UPDATE:
            kind = "a table"
            yield MillpondError(
                codes.UPDATE_FLOW_TARGET, at=flow.at, flow=name, target=target, kind=kind
            )
        elif changes and flow.kind not in _CDC:
            yield MillpondError(codes.AUTO_CDC_TARGET, at=flow.at, flow=name, target=target)
        elif compared is not None and flow is not compared:
            first = ".".join(compared.name)
            yield MillpondError(codes.SNAPSHOT_NOT_ALONE, at=flow.at, flow=first, target=target)
        elif replacing is not None and flow is not replacing:
            yield MillpondError(
                codes.REPLACE_USING_NOT_ALONE,
                at=flow.at,
                flow=".".join(replacing.name),
                target=target,
            )


def expectation_errors(
    target: QualifiedName, flows: Sequence[Flow], expectations: Iterable[Expectation]
) -> Iterable[MillpondError]:
    """Expectations of a table that is filled from snapshots, which takes none (reference 1.6)."""
    if any(flow.kind is FlowKind.SNAPSHOT_CDC for flow in flows):
        for each in expectations:
            yield MillpondError(
                codes.SNAPSHOT_EXPECTATION, at=each.at, name=each.name, target=target
            )
