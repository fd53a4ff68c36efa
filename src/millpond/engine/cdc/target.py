"""The Delta table behind a target of AUTO CDC: rows of some keys, and one commit a batch.

The table holds what users see and what they do not (`millpond.cdc.hidden`), so a batch is in it
whole or not at all, and applying a batch twice is applying it once: what it would change is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond.cdc.changes import (
    COUNTED,
    DELETED,
    INSERT,
    OP,
    REMOVE,
    UPDATE,
    UPSERTED,
    as_stored,
    stored,
)
from millpond.cdc.hidden import END, ROW, SEQUENCE, SINCE, SYSTEM, TOMBSTONE, VISIBLE
from millpond.cdc.layout import ChangeLayout
from millpond.cdc.names import column, columns
from millpond.cdc.scd2 import is_affected
from millpond.definitions import StoredAs, quoted
from millpond.engine.cdc.faults import AFTER_COMMIT, BEFORE_COMMIT, reached
from millpond.engine.configuration import applied_configuration
from millpond.engine.spark.remote_delta import delta_table
from millpond.events.metrics import Metrics

if TYPE_CHECKING:
    from datetime import datetime

    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql.types import DataType

_BROADCAST = 200_000
"""Events of a batch up to which their keys are sent to the table's rows, not the reverse."""

_FEW_ROWS = 100_000
"""Rows of a table up to which its files are written anew rather than rows of them marked."""

_MANY_EVENTS = 4
"""A batch with one event for so many rows, or more, replaces the table's files as well."""

_BOUNDED = ("byte", "short", "integer", "long", "string", "date", "decimal")
"""Types of keys whose least and greatest value in a batch let files be skipped."""

_MATERIALIZE = "spark.databricks.delta.merge.materializeSource"
_MARK = "spark.databricks.delta.merge.deletionVectors.persistent"


@dataclass(frozen=True, slots=True)
class Reach:
    """Which rows of a target a batch may concern.

    Attributes:
        events: how many there are, truncations left out.
        keys: the least and greatest value of each key; empty if all keys are concerned.
        since: the least sequence.
    """

    events: int
    keys: Sequence[tuple[Any, Any]]
    since: Any


class ChangeTable:
    """One target as it is when a batch begins."""

    def __init__(self, session: SparkSession, path: Path, layout: ChangeLayout) -> None:
        self._session = session
        self._path = str(path)
        self._layout = layout
        self._delta = delta_table(session, path)
        self.rows: DataFrame = self._delta.toDF()
        self._rows: int | None = None
        self._is_history = layout.stored_as is StoredAs.SCD_TYPE_2 and not layout.units

    def known_rows(self, events: DataFrame, reach: Reach) -> DataFrame:
        """The stored rows that some events concern, hidden ones too.

        Those of their keys, or more; of history only those that may change or go on.
        """
        from pyspark.sql import functions as F

        if self._layout.stored_as is StoredAs.SCD_TYPE_1 and self._is_small_beside(reach):
            return self.rows
        names = (*self._layout.keys, *((SEQUENCE,) if self._is_history else ()))
        found = as_stored(events.select(*columns(names)), names)
        found = F.broadcast(found) if reach.events <= _BROADCAST else found.distinct()
        same = [column(key) == stored(key) for key in self._layout.keys]
        if self._is_history:
            same.append(is_affected(stored(SEQUENCE)))
        rows = self.rows
        for condition in self._within(reach, ""):
            rows = rows.filter(condition)
        return rows.join(found, same, "left_semi")

    def purge(self, cutoff: datetime) -> None:
        """Remove tombstones from before a time, after which older events are new again."""
        from pyspark.sql import functions as F

        expired = (column(ROW) == TOMBSTONE) & (column(SINCE) < F.lit(cutoff))
        if not self.rows.filter(expired).isEmpty():
            self._delta.delete(expired)

    def apply(self, changes: DataFrame, reach: Reach) -> Metrics:
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
            found = changes.drop(COUNTED)
            few = counts["inserts"] + counts["others"] <= _BROADCAST
            self._merge(F.broadcast(found) if few else found, reach)
        elif counts["inserts"]:
            changes.drop(OP, COUNTED).write.format("delta").mode("append").save(self._path)
        reached(AFTER_COMMIT)
        return Metrics(num_upserted_rows=counts["upserted"], num_deleted_rows=counts["deleted"])

    def _is_small_beside(self, reach: Reach) -> bool:
        """Whether a batch is best applied to all of the table's files; Delta knows their rows."""
        if self._rows is None:
            self._rows = self.rows.count()
        return self._rows <= max(_FEW_ROWS, _MANY_EVENTS * reach.events)

    def _merge(self, changes: DataFrame, reach: Reach) -> None:
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
            [*map(_expression, conditions), *self._within(reach, "t.")],
        )
        merge = (
            self._delta.alias("t")
            .merge(changes.alias("s"), matches)
            .whenMatchedDelete(f"s.{OP} = '{REMOVE}'")
            .whenMatchedUpdate(f"s.{OP} = '{UPDATE}'", values)
            .whenNotMatchedInsert(f"s.{OP} = '{INSERT}'", values)
        )
        # The changes are held already; Delta would write them once more.
        settings = {_MATERIALIZE: "none"}
        if self._is_small_beside(reach):
            settings[_MARK] = "false"
        with applied_configuration(self._session, settings):
            merge.execute()

    def _within(self, reach: Reach, alias: str) -> list[Column]:
        """Conditions on the stored rows that let Delta leave out files."""
        from pyspark.sql import functions as F

        found: list[Column] = []
        for key, (least, greatest) in zip(self._layout.keys, reach.keys, strict=False):
            if _is_bounded(self._layout.columns[key].dataType) and least is not None:
                found.append(F.col(f"{alias}{quoted(key)}").between(F.lit(least), F.lit(greatest)))
        if self._is_history and _is_bounded(self._layout.sequence):
            since = F.lit(reach.since)
            sequence, end = (F.col(f"{alias}{quoted(name)}") for name in (SEQUENCE, END))
            found.append((sequence >= since) | end.isNull() | (end >= since))
        return found


def _is_bounded(kind: DataType) -> bool:
    return kind.typeName().split("(")[0] in _BOUNDED


def _expression(text: str) -> Column:
    from pyspark.sql import functions as F

    return F.expr(text)
