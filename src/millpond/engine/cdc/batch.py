"""Apply one batch of change events to its target: check them, derive the changes, commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from millpond import codes
from millpond.cdc.bitemporal import bitemporal_changes
from millpond.cdc.changes import ARRIVAL
from millpond.cdc.events import FITS
from millpond.cdc.hidden import ROW, SEQUENCE, SYSTEM, TRUNCATE
from millpond.cdc.layout import ChangeLayout
from millpond.cdc.names import column
from millpond.cdc.scd1 import newest_events, scd1_changes
from millpond.cdc.scd1_partial import scd1_partial_changes
from millpond.cdc.scd2 import scd2_changes
from millpond.cdc.truncation import (
    floor_of,
    not_truncated,
    removals,
    truncated,
    truncation_mark,
    with_floor,
)
from millpond.definitions import StoredAs
from millpond.engine.cdc.target import ChangeTable, Reach
from millpond.errors import MillpondError
from millpond.events.metrics import Metrics
from millpond.location import Span
from millpond.spark_connect import is_remote

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

Derivation = Callable[..., "DataFrame"]


@dataclass(frozen=True, slots=True)
class Places:
    """Where in the user's source the parts of a flow are, for what is wrong with its events."""

    flow: str
    at: Span
    sequence: Span
    where: Span | None = None


def apply_batch(
    events: DataFrame, table: ChangeTable, layout: ChangeLayout, places: Places
) -> Metrics:
    """Apply events, as `change_events` gives them, to a target.

    Raises:
        MillpondError: AUTOCDC_MICROBATCH_VALIDATION.NULL_KEY or .NULL_SEQUENCE, or
            AUTO_CDC_WHERE_NOT_MET; nothing is written then.
    """
    held, found = _held(events, layout)
    _check(found, layout, places)
    if not found["rows"]:
        return Metrics(num_upserted_rows=0, num_deleted_rows=0)
    keys = [(found[f"least_{n}"], found[f"most_{n}"]) for n in range(len(layout.keys))]
    truncations = found.get("truncations", 0)
    reach = Reach(found["rows"] - truncations, [] if truncations else keys, found["since"])
    now = datetime.now(timezone.utc)
    if layout.truncates:
        changes = _with_truncations(held, table, truncations > 0, reach, layout, now)
        return table.apply(changes, reach)
    changes = _derivation(layout)(held, table.known_rows(held, reach), layout, now)
    return table.apply(changes, reach)


def _held(events: DataFrame, layout: ChangeLayout) -> tuple[DataFrame, dict[str, Any]]:
    """The events, read once and kept without their plan; and what there is to know of them."""
    from pyspark.sql import functions as F

    numbered = events.withColumn(ARRIVAL, F.monotonically_increasing_id())
    numbered, found = _surveyed(numbered, _survey(events, layout))
    held = numbered.drop(FITS)
    if _is_one_a_key(layout):
        held = newest_events(held, layout)
    held = held.localCheckpoint()
    return held, found()


def _surveyed(
    events: DataFrame, survey: list[Column]
) -> tuple[DataFrame, Callable[[], dict[str, Any]]]:
    """The events, and what tells the survey of them once they are held.

    Spark Connect forgets what it observes while it keeps a frame; there it is a pass of its own.
    """
    from pyspark.sql import Observation

    if is_remote(events.sparkSession):
        row = events.agg(*survey).first()
        assert row is not None
        return events, row.asDict
    observation = Observation()
    return events.observe(observation, *survey), lambda: observation.get


def _is_one_a_key(layout: ChangeLayout) -> bool:
    """Whether of all events of a key in a batch the newest one decides alone."""
    whole = layout.stored_as is StoredAs.SCD_TYPE_1 and not layout.units
    return whole and not layout.truncates


def _with_truncations(
    events: DataFrame,
    table: ChangeTable,
    is_truncated: bool,
    reach: Reach,
    layout: ChangeLayout,
    now: datetime,
) -> DataFrame:
    """The changes of a batch of SCD type 1 where events may be truncations."""
    before, floor = floor_of(table.rows), floor_of(table.rows, events)
    kept = not_truncated(events, floor)
    if not layout.units:
        kept = newest_events(kept, layout)
    derive = _derivation(layout)
    if not is_truncated:
        return derive(kept, table.known_rows(kept, reach), layout, now)
    mark = truncation_mark(before, floor, now)
    if layout.units:
        changes = derive(kept, with_floor(table.rows, floor), layout, now)
    else:
        known = table.known_rows(kept, reach)
        older = removals(truncated(table.rows, floor), kept, layout)
        changes = derive(kept, known, layout, now)
        changes = changes.unionByName(older, allowMissingColumns=True)
    return changes.unionByName(mark, allowMissingColumns=True)


def _derivation(layout: ChangeLayout) -> Derivation:
    """What makes changes of the events of a batch, for this kind of history."""
    if layout.stored_as is StoredAs.SCD_TYPE_2:
        return scd2_changes
    if layout.stored_as is StoredAs.BITEMPORAL:
        return bitemporal_changes
    return scd1_partial_changes if layout.units else scd1_changes


def _survey(events: DataFrame, layout: ChangeLayout) -> list[Column]:
    """One pass over a batch: what is wrong with it, and which keys it concerns."""
    from pyspark.sql import functions as F

    keyed = column(ROW) != TRUNCATE if layout.truncates else F.lit(True)
    order = column(SEQUENCE).isNull()
    if layout.system is not None:
        order = order | column(SYSTEM).isNull()
    found = [
        F.count(F.lit(1)).alias("rows"),
        F.count_if(order).alias("without_sequence"),
        F.min(SEQUENCE).alias("since"),
    ]
    if layout.truncates:
        found.append(F.count_if(~keyed).alias("truncations"))
    for number, key in enumerate(layout.keys):
        mine = F.when(keyed, column(key))
        found += [
            F.count_if(keyed & column(key).isNull()).alias(f"without_{number}"),
            F.min(mine).alias(f"least_{number}"),
            F.max(mine).alias(f"most_{number}"),
        ]
    if FITS in events.columns:
        found.append(F.count_if(~column(FITS)).alias("unfit"))
    return found


def _check(counts: Mapping[str, Any], layout: ChangeLayout, places: Places) -> None:
    for number, key in enumerate(layout.keys):
        if counts[f"without_{number}"]:
            raise MillpondError(
                codes.AUTO_CDC_NULL_KEY,
                at=places.at.narrowed(key),
                flow=places.flow,
                rows=counts[f"without_{number}"],
                column=key,
            )
    if counts["without_sequence"]:
        raise MillpondError(
            codes.AUTO_CDC_NULL_SEQUENCE,
            at=places.sequence,
            flow=places.flow,
            rows=counts["without_sequence"],
        )
    if counts.get("unfit"):
        raise MillpondError(
            codes.AUTO_CDC_WHERE_NOT_MET,
            at=places.where or places.at,
            flow=places.flow,
            rows=counts["unfit"],
        )
