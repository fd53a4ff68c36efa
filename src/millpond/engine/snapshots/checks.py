"""What is wrong with a snapshot: its columns, before any data is read, and then its keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import Flow, QualifiedName, SnapshotCdc, StoredAs, quoted
from millpond.engine.context import UpdateContext
from millpond.engine.resolved import ResolvedDataset
from millpond.engine.snapshots.columns import SYSTEM, snapshot_cdc
from millpond.engine.snapshots.memory import SnapshotMemory
from millpond.errors import MillpondError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def check_snapshot(frame: DataFrame, flow: Flow, target: QualifiedName) -> None:
    """See that a snapshot has the columns that the flow names, and none of SCD type 2's.

    Raises:
        MillpondError: STREAMING_RELATION_FOR_SNAPSHOT_FLOW, SNAPSHOT_KEY_NOT_FOUND,
            SNAPSHOT_COLUMN_NOT_FOUND, SNAPSHOT_RESERVED_COLUMN.
    """
    cdc = snapshot_cdc(flow)
    if frame.isStreaming:
        code = codes.STREAMING_RELATION_FOR_SNAPSHOT_FLOW
        raise MillpondError(code, at=flow.at, flow=".".join(flow.name))
    known = {name.casefold() for name in frame.columns}
    columns = ", ".join(frame.columns)
    for key in cdc.keys:
        if key.casefold() not in known:
            code, at = codes.SNAPSHOT_KEY_NOT_FOUND, cdc.at.narrowed(key)
            raise MillpondError(code, at=at, key=key, target=target, known=columns)
    for name in cdc.track_history.names if cdc.track_history is not None else ():
        if name.casefold() not in known:
            code, at = codes.SNAPSHOT_COLUMN_NOT_FOUND, cdc.at.narrowed(name)
            raise MillpondError(code, at=at, column=name, target=target, known=columns)
    reserved = [name for name in frame.columns if name.casefold() in SYSTEM]
    if reserved and cdc.stored_as is StoredAs.SCD_TYPE_2:
        code = codes.SNAPSHOT_RESERVED_COLUMN
        raise MillpondError(code, at=cdc.at, column=reserved[0], target=target)


def check_keys(frame: DataFrame, keys: Sequence[str], flow: Flow, target: QualifiedName) -> None:
    """See that every row has a key, and no two the same.

    Raises:
        MillpondError: SNAPSHOT_NULL_KEY, SNAPSHOT_DUPLICATE_KEY, with one such key.
    """
    from pyspark.sql import functions as F

    missing = F.lit(False)
    for key in keys:
        missing |= F.col(quoted(key)).isNull()
    counted = frame.groupBy(*map(quoted, keys)).agg(F.count(F.lit(1)).alias("millpond_rows"))
    wrong = counted.filter(missing | (F.col("millpond_rows") > 1)).orderBy(~missing).first()
    if wrong is None:
        return
    *values, count = wrong
    row = ", ".join(f"{key}={value}" for key, value in zip(keys, values, strict=True))
    at = snapshot_cdc(flow).at.narrowed("keys")
    if any(value is None for value in values):
        raise MillpondError(codes.SNAPSHOT_NULL_KEY, at=at, target=target, row=row)
    code = codes.SNAPSHOT_DUPLICATE_KEY
    raise MillpondError(code, at=at, target=target, row=row, count=count)


def snapshot_drift(context: UpdateContext, dataset: ResolvedDataset) -> Iterator[MillpondError]:
    """Flows from snapshots that are defined otherwise than when they filled their target."""
    for flow in dataset.flows:
        if not isinstance(flow.flow.cdc, SnapshotCdc):
            continue
        checkpoint = context.state.checkpoint_path(dataset.name, ".".join(flow.flow.name))
        cdc = flow.flow.cdc
        for what, (before, now) in SnapshotMemory(checkpoint).drift(cdc).items():
            yield MillpondError(
                codes.SNAPSHOT_STATE_DRIFT,
                at=cdc.at,
                target=dataset.name,
                what=what,
                before=before,
                now=now,
            )
