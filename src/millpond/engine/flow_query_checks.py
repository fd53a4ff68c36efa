"""Whether a flow's query is of the right type: streaming or batch (reference 5.5a)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from millpond import codes
from millpond.definitions import DatasetKind, Flow, FlowKind, QualifiedName, quoted
from millpond.engine.spark_error import spark_error
from millpond.errors import MillpondError
from millpond.graph.declared import Node
from millpond.quality.expressions import expression

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_OF_STREAMS = (DatasetKind.STREAMING_TABLE, DatasetKind.SINK)


def check_streaming(frame: DataFrame, kind: DatasetKind, flow: Flow, node: Node) -> None:
    """Compare what the query is with what its flow and dataset need.

    Raises:
        MillpondError: INVALID_FLOW_QUERY_TYPE in one of its forms.
    """
    name, flow_name = node.name, ".".join(flow.name)
    if node.dataset.published and frame.isStreaming:
        code = codes.STREAMING_RELATION_FOR_PERSISTED_VIEW
        raise MillpondError(code, at=flow.at, target=name)
    if flow.kind is FlowKind.SNAPSHOT_CDC:
        return  # `check_snapshot` says it of each snapshot
    needs_batch = flow.once or flow.kind is FlowKind.REPLACE_WHERE
    if flow.once and frame.isStreaming:
        code = codes.STREAMING_RELATION_FOR_ONCE_FLOW
        raise MillpondError(code, at=flow.at, flow=flow_name)
    if flow.kind is FlowKind.REPLACE_WHERE and frame.isStreaming:
        code = codes.STREAMING_RELATION_FOR_REPLACE_WHERE
        raise MillpondError(code, at=flow.at, flow=flow_name)
    if kind in _OF_STREAMS and not needs_batch and not frame.isStreaming:
        code = codes.BATCH_RELATION_FOR_STREAMING_TABLE
        raise MillpondError(code, at=flow.at, flow=flow_name, target=name)
    if kind is DatasetKind.MATERIALIZED_VIEW and frame.isStreaming:
        raise MillpondError(codes.STREAMING_RELATION_FOR_MATERIALIZED_VIEW, at=flow.at, target=name)


def sequence_column(flow: Flow) -> Column:
    """What orders the rows of a REPLACE USING flow."""
    from pyspark.sql import functions as F

    sequence = flow.sequence_by
    return F.expr(sequence) if isinstance(sequence, str) else cast("Column", sequence)


def check_replacement(frame: DataFrame, flow: Flow, name: QualifiedName) -> None:
    """Resolve the predicate, or the keys and the sequence, of a replacing flow.

    Raises:
        MillpondError: QUERY_NOT_VALID, at the flow.
    """
    from pyspark.errors import PySparkException
    from pyspark.sql import functions as F

    try:
        if flow.replace_where:
            frame.filter(expression(flow.replace_where, frame, flow.at))
        if flow.replace_using:
            keys = [F.col(quoted(key)) for key in flow.replace_using]
            frame.select(*keys, sequence_column(flow))
    except PySparkException as error:
        raise spark_error(error, name, flow.at) from error
