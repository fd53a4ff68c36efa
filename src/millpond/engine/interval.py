"""How often a flow of a continuous update looks for something new (reference 5.3)."""

from __future__ import annotations

import re

from millpond import codes
from millpond.definitions import FlowKind, PipelineSpec
from millpond.engine.resolved import ResolvedDataset, ResolvedFlow
from millpond.errors import MillpondError
from millpond.location import Span

TRIGGER_INTERVAL = "pipelines.trigger.interval"

STREAMING = 5.0
"""Seconds between two looks of a stream, if nothing is set."""
COMPLETE_OVER_DELTA = 60.0
"""Seconds between two looks of a query that is computed whole and reads Delta tables only."""
COMPLETE = 600.0
"""The same for a query that may read something else."""

_COMPLETE_KINDS = (FlowKind.COMPLETE, FlowKind.REPLACE_WHERE, FlowKind.SNAPSHOT_CDC)
_PART = r"\d+(?:\.\d+)?\s*(?:milliseconds?|ms|seconds?|minutes?|hours?|days?|weeks?)"
_WHOLE = re.compile(rf"(?:interval\s+)?'?\s*({_PART}(?:[\s,]+{_PART})*)\s*'?", re.IGNORECASE)
_EACH = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)", re.IGNORECASE)
_SECONDS = {
    "millisecond": 0.001,
    "m": 0.001,  # "ms" without its s
    "second": 1.0,
    "minute": 60.0,
    "hour": 3600.0,
    "day": 86_400.0,
    "week": 604_800.0,
}


def trigger_interval(
    spec: PipelineSpec, dataset: ResolvedDataset, flow: ResolvedFlow
) -> float | None:
    """The interval that is set for a flow, in seconds; None if none is.

    The nearest setting holds: `spark_conf` and SET, then the table's property, then the
    pipeline's configuration.

    Raises:
        MillpondError: CONFIGURATION_NOT_VALID, at the setting.
    """
    table = dataset.dataset
    places: tuple[tuple[str | None, Span | None], ...] = (
        (flow.flow.spark_conf.get(TRIGGER_INTERVAL), flow.flow.at.narrowed(TRIGGER_INTERVAL)),
        (table.table_properties.get(TRIGGER_INTERVAL), table.at.narrowed(TRIGGER_INTERVAL)),
        (spec.configuration.get(TRIGGER_INTERVAL), spec.at),
    )
    for value, at in places:
        if value is not None:
            return read_interval(value, at)
    return None


def default_interval(kind: FlowKind, *, over_delta: bool) -> float:
    """The interval of a flow for which none is set."""
    if kind not in _COMPLETE_KINDS:
        return STREAMING
    return COMPLETE_OVER_DELTA if over_delta else COMPLETE


def read_interval(text: str, at: Span | None) -> float:
    """The seconds of `10 seconds`, `1 minute 30 seconds` or `INTERVAL '1' HOUR`'s like.

    Raises:
        MillpondError: CONFIGURATION_NOT_VALID for anything else, a number without a unit included.
    """
    found = _WHOLE.fullmatch(text.strip())
    if found is None:
        raise MillpondError(
            codes.CONFIGURATION_NOT_VALID,
            at=at,
            key=TRIGGER_INTERVAL,
            expected="a number with a unit, such as 10 seconds, 1 minute, 2 hours or 1 day",
            value=text,
        )
    parts = _EACH.findall(found.group(1))
    return sum(
        float(number) * _SECONDS[unit.casefold().removesuffix("s")] for number, unit in parts
    )
