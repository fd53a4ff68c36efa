"""The columns of a target that is filled from snapshots, and what they are compared by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from millpond.definitions import Flow, QualifiedName, SnapshotCdc, StoredAs
from millpond.engine.snapshots.merge import END_AT, START_AT, Comparison
from millpond.engine.snapshots.source import Snapshot
from millpond.engine.snapshots.versions import spark_type, type_of
from millpond.engine.writing.schema import conform

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import DataType, StructType

_NUMBERS = ("byte", "short", "integer", "long")
SYSTEM = (START_AT.casefold(), END_AT.casefold())
"""The columns that SCD type 2 adds, case folded."""


def snapshot_cdc(flow: Flow) -> SnapshotCdc:
    """What a flow from snapshots was defined with."""
    assert isinstance(flow.cdc, SnapshotCdc), "a flow from snapshots"
    return flow.cdc


def with_system(
    frame: DataFrame, flow: Flow, version_type: DataType, declared: StructType | None
) -> DataFrame:
    """A snapshot with the columns that SCD type 2 adds, still NULL.

    A declared target may have them in a type of its own, if that holds such versions.
    """
    from pyspark.sql import functions as F

    if snapshot_cdc(flow).stored_as is not StoredAs.SCD_TYPE_2:
        return frame
    chosen = version_type
    for field in declared.fields if declared is not None else ():
        if field.name.casefold() in SYSTEM and _holds(field.dataType, version_type):
            chosen = field.dataType
    null = F.lit(None).cast(chosen)
    return frame.withColumn(START_AT, null).withColumn(END_AT, null)


def whole_columns(
    snapshot: Snapshot, flow: Flow, declared: StructType | None, target: QualifiedName
) -> DataFrame:
    """A snapshot with all the columns of its target, as that declares them.

    Raises:
        MillpondError: SCHEMA_MISMATCH.
    """
    kind = spark_type(type_of(snapshot.version))
    return conform(with_system(snapshot.frame, flow, kind, declared), declared, target, flow.at)


def without_system(columns: StructType) -> StructType:
    """A target's columns without those that SCD type 2 adds."""
    from pyspark.sql.types import StructType

    return StructType([each for each in columns.fields if each.name.casefold() not in SYSTEM])


def comparison(columns: StructType, flow: Flow) -> Comparison:
    """How snapshots are compared with a target of these columns, in their spelling."""
    cdc = snapshot_cdc(flow)
    names = tuple(without_system(columns).fieldNames())
    wanted = [key.casefold() for key in cdc.keys]
    keys = tuple(name for name in names if name.casefold() in wanted)
    if cdc.stored_as is not StoredAs.SCD_TYPE_2:
        return Comparison(keys, names, None)
    tracked = tuple(name for name in names if name not in keys)
    if cdc.track_history is not None:
        listed = {name.casefold() for name in cdc.track_history.names}
        excluded = cdc.track_history.excluded
        tracked = tuple(name for name in tracked if (name.casefold() in listed) is not excluded)
    return Comparison(keys, names, tracked)


def _holds(declared: DataType, version: DataType) -> bool:
    pair = (declared.typeName(), version.typeName())
    return pair[0] == pair[1] or (pair[0] in _NUMBERS and pair[1] in _NUMBERS)
