"""Compare a snapshot with what a target holds, and merge the differences in one commit (4.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.definitions import quoted
from millpond.engine.snapshots.memory import ACTION
from millpond.engine.snapshots.versions import Version, literal
from millpond.engine.spark.remote_delta import delta_table

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql.types import DataType, StructType

START_AT, END_AT = "__START_AT", "__END_AT"
_INSERT, _UPDATE, _CLOSE, _END = "insert", "update", "close", "end"
"""What is done with a row; a row of history is closed where a new one follows, else it ends."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How snapshots are compared with a target.

    Attributes:
        columns: of the target, without those that SCD type 2 adds.
        tracked: those whose change makes a new row; None for SCD type 1, which keeps none.
    """

    keys: tuple[str, ...]
    columns: tuple[str, ...]
    tracked: tuple[str, ...] | None


def differences(snapshot: DataFrame, current: DataFrame, how: Comparison) -> DataFrame:
    """The rows to merge: the keys and columns of the snapshot, and what to do with them.

    Args:
        snapshot: one row a key, with the target's columns.
        current: the target's rows that a new snapshot may change.
    """
    from pyspark.sql import functions as F

    new, old = F.col("new"), F.col("old")
    keys = [F.col(f"{side}.{quoted(key)}") for key in how.keys for side in ("new", "old")]
    pairs = [keys[i] == keys[i + 1] for i in range(0, len(keys), 2)]
    types = snapshot.schema
    replaced = F.array(F.lit(_UPDATE))
    if how.tracked is not None:
        begun = F.array(F.lit(_CLOSE), F.lit(_INSERT))
        replaced = F.when(_differ(how.tracked, types), begun).otherwise(replaced)
    actions = (
        F.when(new.isNull(), F.array(F.lit(_END)))
        .when(old.isNull(), F.array(F.lit(_INSERT)))
        .when(_differ(how.columns, types), replaced)
    )
    chosen = [
        F.coalesce(F.col(f"new.{quoted(name)}"), F.col(f"old.{quoted(name)}")).alias(name)
        if name in how.keys
        else F.col(f"new.{quoted(name)}").alias(name)
        for name in how.columns
    ]
    return (
        snapshot.select(F.struct("*").alias("new"))
        .join(
            current.select(F.struct(*map(quoted, how.columns)).alias("old")),
            reduce(lambda first, second: first & second, pairs),
            "full",
        )
        .select(*chosen, F.explode(actions).alias(ACTION))
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """How many rows of the target snapshots change.

    Attributes:
        upserted: rows added, changed, or closed since a newer row of their key follows.
        deleted: rows of keys that a snapshot has no more: removed, or ended in history.
    """

    upserted: int = 0
    deleted: int = 0
    new_only: bool = True

    def __add__(self, other: Changed) -> Changed:
        """Both together."""
        return Changed(
            self.upserted + other.upserted,
            self.deleted + other.deleted,
            self.new_only and other.new_only,
        )

    def __bool__(self) -> bool:
        """Whether any row changes."""
        return bool(self.upserted or self.deleted)


def counted(changes: DataFrame) -> Changed:
    """Count what `differences` found, by what is done with each row."""
    rows = {row[ACTION]: row["count"] for row in changes.groupBy(ACTION).count().collect()}
    deleted = rows.pop(_END, 0)
    return Changed(sum(rows.values()), deleted, not deleted and rows.keys() <= {_INSERT})


def apply(
    session: SparkSession,
    table: Path,
    changes: DataFrame,
    how: Comparison,
    version: Version,
    new_only: bool,
) -> None:
    """Apply differences to the Delta table at a path, in one commit.

    New rows alone are appended: a first snapshot has nothing to be matched with.
    """
    if not new_only:
        _merge(session, table, changes, how, version)
        return
    rows = changes.drop(ACTION)
    if how.tracked is not None:
        stored = session.read.format("delta").load(str(table)).schema
        rows = rows.withColumn(START_AT, literal(version, stored[START_AT].dataType))
    rows.write.format("delta").mode("append").option("userMetadata", ACTION).save(str(table))


def _merge(
    session: SparkSession,
    table: Path,
    changes: DataFrame,
    how: Comparison,
    version: Version,
) -> None:
    from pyspark.sql import functions as F

    target = delta_table(session, table)
    same = [F.col(f"t.{quoted(key)}") == F.col(f"s.{quoted(key)}") for key in how.keys]
    action = F.col(f"s.{ACTION}")
    values: dict[str, str | Column] = {
        quoted(name): F.col(f"s.{quoted(name)}") for name in how.columns
    }
    matched = reduce(lambda one, other: one & other, same) & (action != _INSERT)
    inserted = dict(values)
    if how.tracked is not None:
        at = literal(version, target.toDF().schema[START_AT].dataType)
        matched &= F.col(f"t.{END_AT}").isNull()
        inserted |= {START_AT: at}
    merging = target.alias("t").merge(changes.alias("s"), matched)
    merging = merging.whenMatchedUpdate(action == _UPDATE, set=values)
    if how.tracked is None:
        merging = merging.whenMatchedDelete(action == _END)
    else:
        merging = merging.whenMatchedUpdate(action.isin(_CLOSE, _END), set={END_AT: at})
    merging.whenNotMatchedInsert(action == _INSERT, values=inserted).execute()


def fitted(frame: DataFrame, columns: StructType) -> DataFrame:
    """The frame with a table's columns, in their order and types; NULL for those that it lacks."""
    from pyspark.sql import functions as F

    given = {name.casefold(): name for name in frame.columns}
    chosen = []
    for field in columns.fields:
        name = given.get(field.name.casefold())
        value = F.lit(None) if name is None else F.col(quoted(name))
        chosen.append(value.cast(field.dataType).alias(field.name))
    return frame.select(*chosen)


def _differ(names: Sequence[str], types: StructType) -> Column:
    """Whether the snapshot's row has another value than the target's in one of the columns."""
    from pyspark.sql import functions as F

    def side(which: str, name: str) -> Column:
        value = F.col(f"{which}.{quoted(name)}")
        return value if _is_comparable(types[name].dataType) else F.to_json(F.struct(value))

    different = [~side("new", name).eqNullSafe(side("old", name)) for name in names]
    return reduce(lambda one, other: one | other, different, F.lit(False))


def _is_comparable(data_type: DataType) -> bool:
    """Whether Spark can compare values of a type: not if there is a MAP or VARIANT in it."""
    text = data_type.simpleString()
    return "map<" not in text and "variant" not in text
