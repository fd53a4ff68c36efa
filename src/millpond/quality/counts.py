"""Observed metrics as counts of passed, failed and dropped rows."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from millpond.quality.flags import DROPPED, FAILED, ROWS, Guard

if TYPE_CHECKING:
    from pyspark.sql import Observation

_PATIENCE = 10.0
"""Seconds to wait for a batch's counts: Spark delivers them just after the action, and never
for a part of the plan that was optimised away."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What one pass over one dataset's rows counted.

    Attributes:
        rows: rows that reached the expectations; what was written is `rows - dropped`.
        dropped: rows that violated at least one drop expectation, each counted once.
        failed: violations an expectation, in the order of the guard's expectations.
    """

    guard: Guard
    rows: int
    dropped: int
    failed: tuple[int, ...]

    @property
    def written(self) -> int:
        """Rows that went on."""
        return self.rows - self.dropped

    def __add__(self, other: Counts) -> Counts:
        """Both passes together; they have the same expectations."""
        failed = tuple(one + two for one, two in zip(self.failed, other.failed, strict=True))
        dropped = self.dropped + other.dropped
        return Counts(self.guard, self.rows + other.rows, dropped, failed)


def counts_of(guard: Guard, metrics: Mapping[str, object] | None) -> Counts | None:
    """Counts from one row of observed metrics; None where Spark reports none."""
    if metrics is None or metrics.get(ROWS) is None:
        return None
    failed = tuple(_count(metrics, f"{FAILED}{i}") for i in range(len(guard.expectations)))
    return Counts(guard, _count(metrics, ROWS), _count(metrics, DROPPED), failed)


def counts_of_batch(guard: Guard) -> Counts | None:
    """Counts of a batch frame whose action has ended."""
    if guard.observation is None:
        return None
    return counts_of(guard, _awaited(guard.observation))


def _awaited(observation: Observation) -> Mapping[str, object] | None:
    """The metrics, or None if they do not come; a daemon thread waits, so nothing hangs."""
    found: list[Mapping[str, object]] = []
    waiter = threading.Thread(target=lambda: found.append(observation.get), daemon=True)
    waiter.start()
    waiter.join(_PATIENCE)
    return found[0] if found else None


def _count(metrics: Mapping[str, object], name: str) -> int:
    value = metrics.get(name)
    return int(value) if isinstance(value, (int, float, str)) else 0
