"""How long a deletion is remembered, so that older events that come late stay without effect."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from millpond import codes
from millpond.definitions import PipelineSpec
from millpond.delta_log import LOG
from millpond.engine.resolved import ResolvedDataset
from millpond.errors import MillpondError

RETENTION = "pipelines.cdc.tombstoneGCThresholdInSeconds"
_DEFAULT = timedelta(days=2)


def tombstone_retention(spec: PipelineSpec, dataset: ResolvedDataset) -> timedelta:
    """How long: by the table's property, the pipeline's configuration, or two days (4.2).

    Raises:
        MillpondError: CONFIGURATION_NOT_VALID for a setting that is no number of seconds.
    """
    properties = dataset.dataset.table_properties
    value = properties.get(RETENTION, spec.configuration.get(RETENTION))
    if value is None:
        return _DEFAULT
    if not value.strip().isdecimal():
        raise MillpondError(
            codes.CONFIGURATION_NOT_VALID,
            at=dataset.dataset.at if RETENTION in properties else spec.at,
            key=RETENTION,
            expected="a whole number of seconds",
            value=value,
        )
    return timedelta(seconds=int(value))


def is_older(table: Path, time: datetime) -> bool:
    """Whether a Delta table was made before a time: what is younger has nothing from before."""
    first = table / LOG / f"{0:020}.json"
    if not first.is_file():
        return True
    return datetime.fromtimestamp(first.stat().st_mtime, timezone.utc) < time
