"""Expectations by hand: conditions counted as the rows pass, and filters for those that bind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_

from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F

Conditions = Mapping[str, str]
Counts = dict[str, int]


@dataclass(frozen=True)
class Checks:
    """The conditions on the rows of one table, SQL by name; NULL counts as failed.

    Attributes:
        warn: only counted.
        drop: a row that fails one is not written.
        fail: a row that fails one stops the query.
    """

    warn: Conditions = field(default_factory=dict)
    drop: Conditions = field(default_factory=dict)
    fail: Conditions = field(default_factory=dict)

    def apply(self, frame: DataFrame, observation: str | Observation) -> DataFrame:
        """The rows to write; the counts are observed under a name or by an `Observation`."""
        if self.fail:
            stop = F.raise_error(F.lit(f"a row violates one of {list(self.fail)}")).cast("boolean")
            frame = frame.filter(F.when(_all(self.fail), True).otherwise(stop))
        kept = _all(self.drop)
        counted = frame.observe(
            observation,
            F.count(F.lit(1)).alias("rows"),
            F.count_if(kept).alias("written"),
            *[F.count_if(_met(sql)).alias(name) for name, sql in self._everything().items()],
        )
        return counted.filter(kept) if self.drop else counted

    def summary(self, counts: Counts) -> dict[str, object]:
        """What a table's counts say: rows written, and rows passed and failed by condition."""
        rows = counts.get("rows", 0)
        passed = {name: counts.get(name, 0) for name in self._everything()}
        return {
            "rows_written": counts.get("written", 0),
            "expectations": {name: [count, rows - count] for name, count in passed.items()},
        }

    def _everything(self) -> Conditions:
        return {**self.warn, **self.drop, **self.fail}


def _met(sql: str) -> Column:
    return F.coalesce(F.expr(sql), F.lit(False))


def _all(conditions: Conditions) -> Column:
    return reduce(and_, map(_met, conditions.values()), F.lit(True))
