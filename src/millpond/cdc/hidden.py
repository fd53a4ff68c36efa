"""The columns and rows of a target that its users never see, and how they are kept from view.

A target of AUTO CDC holds, beside what its users see, what late events need: of each row the
sequence of the event that made it, and rows that are no rows to the user: tombstones of deleted
keys, states that a later event with equal tracked columns replaced. They live in the same Delta
table, so that target and state are one commit. Every read of a table goes through `visible`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import DataType, StructType

PREFIX = "__millpond_"
"""No column of a user's target may begin so."""

SEQUENCE = "__millpond_sequence"
"""Where the row's own event stands in the order of events; of the type of `sequence_by`."""

ROW = "__millpond_row"
"""What the row is: one of the words below."""

SINCE = "__millpond_since"
"""When a deletion was applied, by the clock of this machine; NULL for other rows."""

AUTHORS = "__millpond_authors"
"""Of partial updates: the sequence of the event that last wrote each unit (see `units`)."""

SYSTEM = "__millpond_system"
"""Of bitemporal history: the event's place in the order of system time."""

VISIBLE = "row"
SUPERSEDED = "superseded"
"""A state that a later event continued without a change of a tracked column (reference 4.3)."""
DELETE = "delete"
"""A deletion that ended a row of SCD type 2."""
TOMBSTONE = "tombstone"
"""A deletion that ended no row, and will end one that comes late."""
TRUNCATE = "truncate"
"""A truncation of the whole table, without key: what is older and comes later stays away."""
EVENT = "event"
"""Of bitemporal history: an event as it came; the visible rows are derived from all of them."""

START, END = "__START_AT", "__END_AT"
SYSTEM_START, SYSTEM_END = "__SYSTEM_START_AT", "__SYSTEM_END_AT"
HISTORY = (START, END, SYSTEM_START, SYSTEM_END)
"""The columns that SCD type 2 and bitemporal history add for the user to see."""


def hidden_columns(
    sequence: DataType, *, partial: bool = False, system: DataType | None = None
) -> StructType:
    """The hidden columns of a target.

    Args:
        sequence: the type of `sequence_by`.
        partial: whether an event may write a part of the columns.
        system: the type of `system_sequence_by`, of bitemporal history.
    """
    from pyspark.sql.types import MapType, StringType, StructType, TimestampType

    columns = (
        StructType().add(SEQUENCE, sequence).add(ROW, StringType()).add(SINCE, TimestampType())
    )
    if partial:
        columns = columns.add(AUTHORS, MapType(StringType(), sequence))
    return columns.add(SYSTEM, system) if system is not None else columns


def visible(frame: DataFrame) -> DataFrame:
    """A frame over a stored table as its users see it; any other table's frame as it is.

    Works on a batch, a stream and a change data feed: a row that leaves the user's sight is
    stored as the deletion of one row and the insertion of another.
    """
    if ROW not in frame.columns:
        return frame
    hidden = [name for name in frame.columns if name.startswith(PREFIX)]
    return frame.filter(f"{ROW} = '{VISIBLE}'").drop(*hidden)
