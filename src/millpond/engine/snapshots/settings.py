"""Which of two documented behaviours a flow from snapshots has (reference 4.6, 8).

Databricks' documentation of 2026 is followed unless the pipeline's configuration says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import PipelineSpec
from millpond.engine.snapshots.columns import SYSTEM
from millpond.errors import MillpondError

if TYPE_CHECKING:
    from pyspark.sql.types import StructType

VERSION, OUT_OF_ORDER = "millpond.snapshots.version", "millpond.snapshots.outOfOrder"


def shows_times(spec: PipelineSpec, declared: StructType | None) -> bool:
    """Whether the versions of a table's snapshots are the times of its runs instead of numbers.

    They are too where the target declares `__START_AT` as a time.
    """
    fields = declared.fields if declared is not None else ()
    kinds = {each.dataType.typeName() for each in fields if each.name.casefold() in SYSTEM}
    return "timestamp" in kinds or _setting(spec, VERSION, "number", "time") == "time"


def fails_out_of_order(spec: PipelineSpec) -> bool:
    """Whether a snapshot that comes after a newer one ends the flow; if not, it is left out."""
    return _setting(spec, OUT_OF_ORDER, "skip", "fail") == "fail"


def _setting(spec: PipelineSpec, key: str, default: str, other: str) -> str:
    value = spec.configuration.get(key, default).strip().casefold()
    if value not in (default, other):
        raise MillpondError(
            codes.CONFIGURATION_NOT_VALID,
            at=spec.at,
            key=key,
            expected=f"{default} or {other}",
            value=value,
        )
    return value
