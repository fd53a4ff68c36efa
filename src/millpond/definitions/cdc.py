"""AUTO CDC: how a feed of changes is applied to a streaming table (reference 1.5, 2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from millpond.location import Span


class StoredAs(str, Enum):
    """What the target keeps of a key's history."""

    SCD_TYPE_1 = "1"
    SCD_TYPE_2 = "2"
    BITEMPORAL = "bitemporal"


@dataclass(frozen=True, slots=True)
class CdcExpression:
    """A condition on a change, or what orders changes.

    Attributes:
        value: SQL text, or a pyspark Column (kept as `object`: no Spark here).
        at: the expression in the user's source, or the call it is given to.
    """

    value: object
    at: Span


@dataclass(frozen=True, slots=True)
class CdcColumns:
    """A list of columns, or all but a list.

    Attributes:
        excluded: whether all other columns are meant: `* EXCEPT (names)`.
        at: the clause or argument.
    """

    names: tuple[str, ...]
    excluded: bool
    at: Span


@dataclass(frozen=True, slots=True)
class AutoCdc:
    """How changes are applied. The change feed is the flow's query; ONCE is the flow's too.

    Attributes:
        keys: columns that name a row, unqualified, at least one.
        sequence_by: the logical order of changes.
        at: the words AUTO CDC or APPLY CHANGES, or the call.
        where: a change that does not meet it is an error (legacy).
        ignore_null_updates: columns whose NULL in an upsert keeps the stored value; an exclusion
            of nothing means all columns, None no column.
        apply_as_deletes, apply_as_truncates: a change for which it is true is one.
        columns: those that reach the target; None for all.
        system_sequence_by: of BITEMPORAL.
        track_history: of SCD type 2, the columns whose change makes a new row; None for all.
        columns_to_update: the source's column with the names of the columns a change writes.
    """

    keys: tuple[str, ...]
    sequence_by: CdcExpression
    at: Span
    stored_as: StoredAs = StoredAs.SCD_TYPE_1
    where: CdcExpression | None = None
    ignore_null_updates: CdcColumns | None = None
    apply_as_deletes: CdcExpression | None = None
    apply_as_truncates: CdcExpression | None = None
    columns: CdcColumns | None = None
    system_sequence_by: CdcExpression | None = None
    track_history: CdcColumns | None = None
    columns_to_update: CdcExpression | None = None


@dataclass(frozen=True, slots=True)
class SnapshotCdc:
    """How snapshots of a table are compared (reference 1.6, 4.6).

    Attributes:
        versioned: whether the flow's query is a function of the latest version, which gives
            `(DataFrame, version)` or None; if not, the query is the newest snapshot.
        at: the call.
        track_history: of SCD type 2, the columns whose change makes a new row; None for all.
    """

    keys: tuple[str, ...]
    versioned: bool
    at: Span
    stored_as: StoredAs = StoredAs.SCD_TYPE_1
    track_history: CdcColumns | None = None
