"""The Delta table behind a target of AUTO CDC: rows of some keys, and one commit a batch.

The table holds what users see and what they do not (`millpond.cdc.hidden`), so a batch is in it
whole or not at all, and applying a batch twice is applying it once: what it would change is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond.cdc.changes import COUNTED, DELETED, INSERT, OP, REMOVE, UPDATE, UPSERTED
from millpond.cdc.hidden import ROW, SEQUENCE, SINCE, SYSTEM, TOMBSTONE, VISIBLE
from millpond.cdc.layout import ChangeLayout
from millpond.cdc.names import column, columns
from millpond.definitions import StoredAs, quoted
from millpond.engine.cdc_faults import AFTER_COMMIT, BEFORE_COMMIT, reached
from millpond.events.metrics import Metrics

if TYPE_CHECKING:
    from datetime import datetime

    from pyspark.sql import Column, DataFrame, SparkSession

Bounds = Sequence[tuple[Any, Any]]
"""The least and greatest value of each key in a batch; empty if it concerns all keys."""

_BROADCAST = 200_000
"""Events of a batch up to which their keys are sent to the table's rows, not the reverse."""

_BOUNDED = ("byte", "short", "integer", "long", "string", "date", "decimal")
"""Types of keys whose least and greatest value in a batch let files be skipped."""

_MATERIALIZE = "spark.databricks.delta.merge.materializeSource"


class ChangeTable:
    """One target as it is when a batch begins."""

    def __init__(self, session: SparkSession, path: Path, layout: ChangeLayout) -> None:
        from delta.tables import DeltaTable

        self._session = session
        self._path = str(path)
        self._layout = layout
        self._delta = DeltaTable.forPath(session, self._path)
        self.rows = self._delta.toDF()

    def known_rows(self, events: DataFrame, number: int, bounds: Bounds) -> DataFrame:
        """All stored rows of the keys of some events, hidden ones too.

        Args:
            number: of the events.
        """
        from pyspark.sql import functions as F

        keys = events.select(*columns(self._layout.keys))
        keys = F.broadcast(keys) if number <= _BROADCAST else keys.distinct()
        rows = self.rows
        for condition in self._within(bounds, ""):
            rows = rows.filter(condition)
        return rows.join(keys, list(self._layout.keys), "left_semi")

    def purge(self, cutoff: datetime) -> None:
        """Remove tombstones from before a time, after which older events are new again."""
        from pyspark.sql import functions as F

        expired = (column(ROW) == TOMBSTONE) & (column(SINCE) < F.lit(cutoff))
        if not self.rows.filter(expired).isEmpty():
            self._delta.delete(expired)

    def apply(self, changes: DataFrame, bounds: Bounds) -> Metrics:
        """Make changes in one commit, none if there is nothing to change."""
        from pyspark.sql import functions as F

        # Held without its plan: Delta refuses a cached source that reads the target.
        changes = changes.localCheckpoint(eager=False)
        counts = changes.agg(
            F.count_if(column(OP) == INSERT).alias("inserts"),
            F.count_if(column(OP) != INSERT).alias("others"),
            F.count_if(column(COUNTED) == UPSERTED).alias("upserted"),
            F.count_if(column(COUNTED) == DELETED).alias("deleted"),
        ).first()
        assert counts is not None
        reached(BEFORE_COMMIT)
        if counts["others"]:
            self._merge(changes.drop(COUNTED), bounds)
        elif counts["inserts"]:
            changes.drop(OP, COUNTED).write.format("delta").mode("append").save(self._path)
        reached(AFTER_COMMIT)
        return Metrics(num_upserted_rows=counts["upserted"], num_deleted_rows=counts["deleted"])

    def _merge(self, changes: DataFrame, bounds: Bounds) -> None:
        given = {name: f"s.{quoted(name)}" for name in changes.columns if name != OP}
        names = {name: given.get(name, "NULL") for name in self.rows.columns}
        values = {quoted(name): value for name, value in names.items()}
        identity = list(self._layout.keys)
        if self._layout.stored_as is not StoredAs.SCD_TYPE_1:
            identity.append(SEQUENCE)
        if self._layout.stored_as is StoredAs.BITEMPORAL:
            identity.append(SYSTEM)
        same = [f"t.{quoted(name)} = s.{quoted(name)}" for name in identity]
        if self._layout.stored_as is StoredAs.BITEMPORAL:
            same.append(f"(t.{ROW} = '{VISIBLE}') = (s.{ROW} = '{VISIBLE}')")
        conditions = [f"s.{OP} != '{INSERT}'", *same]
        matches = reduce(
            lambda left, right: left & right,
            [*map(_expression, conditions), *self._within(bounds, "t.")],
        )
        merge = (
            self._delta.alias("t")
            .merge(changes.alias("s"), matches)
            .whenMatchedDelete(f"s.{OP} = '{REMOVE}'")
            .whenMatchedUpdate(f"s.{OP} = '{UPDATE}'", values)  # type: ignore[arg-type]
            .whenNotMatchedInsert(f"s.{OP} = '{INSERT}'", values)  # type: ignore[arg-type]
        )
        # The changes are held already; Delta would write them once more.
        self._session.conf.set(_MATERIALIZE, "none")
        try:
            merge.execute()
        finally:
            self._session.conf.unset(_MATERIALIZE)

    def _within(self, bounds: Bounds, alias: str) -> list[Column]:
        """Conditions on the keys that let Delta leave out files."""
        from pyspark.sql import functions as F

        found: list[Column] = []
        for key, (least, greatest) in zip(self._layout.keys, bounds, strict=False):
            kind = self._layout.columns[key].dataType.typeName().split("(")[0]
            if kind in _BOUNDED and least is not None:
                found.append(F.col(f"{alias}{quoted(key)}").between(F.lit(least), F.lit(greatest)))
        return found


def _expression(text: str) -> Column:
    from pyspark.sql import functions as F

    return F.expr(text)
