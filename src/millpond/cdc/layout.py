"""What AUTO CDC makes of its source's columns: keys, the target's columns, what is tracked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from millpond import codes
from millpond.cdc.comparable import is_orderable
from millpond.cdc.hidden import (
    END,
    HISTORY,
    PREFIX,
    START,
    SYSTEM_END,
    SYSTEM_START,
    hidden_columns,
)
from millpond.cdc.units import Unit, listed_updates, null_updates
from millpond.definitions import AutoCdc, CdcColumns, StoredAs
from millpond.errors import MillpondError
from millpond.location import Span

if TYPE_CHECKING:
    from pyspark.sql.types import DataType, StructType


@dataclass(frozen=True, slots=True)
class ChangeLayout:
    """The columns of one target of changes.

    Attributes:
        keys: those that name a row.
        columns: those of the source that reach the target, keys among them, in its order.
        tracked: those whose change makes a new row of history.
        sequence: the type of the events' order.
        units: of partial updates, what an event writes or leaves alone; empty if each event
            writes its whole row.
        system: of bitemporal history, the type of system time.
        truncates: whether a flow into the target has truncations.
        tracking: the clause behind `tracked`, in words: it stays while columns are added.
    """

    keys: tuple[str, ...]
    columns: StructType
    stored_as: StoredAs
    tracked: tuple[str, ...]
    sequence: DataType
    units: tuple[Unit, ...] = ()
    system: DataType | None = None
    truncates: bool = False
    tracking: str = "all"

    def described(self) -> dict[str, str]:
        """What must stay the same while a target has rows, in words for a message."""
        keys = (f"{key} {self.columns[key].dataType.simpleString()}" for key in self.keys)
        shown = {"1": "SCD type 1", "2": "SCD type 2"}
        return {
            "keys": ", ".join(keys),
            "history": shown.get(self.stored_as.value, self.stored_as.value),
            "sequence type": self.sequence.simpleString(),
            "tracked columns": self.tracking,
        }

    @property
    def history(self) -> StructType:
        """The columns that the kind of history adds to the target."""
        from pyspark.sql.types import StructType

        found = StructType()
        if self.stored_as is not StoredAs.SCD_TYPE_1:
            found = found.add(START, self.sequence).add(END, self.sequence)
        if self.system is not None:
            found = found.add(SYSTEM_START, self.system).add(SYSTEM_END, self.system)
        return found

    @property
    def hidden(self) -> StructType:
        """The columns that the target has for its own use."""
        return hidden_columns(self.sequence, partial=bool(self.units), system=self.system)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of `columns`."""
        return tuple(self.columns.fieldNames())


def change_layout(
    source: StructType, cdc: AutoCdc, target: str, sequence: DataType, system: DataType | None
) -> ChangeLayout:
    """The layout that the clauses of a flow give to the columns of its source.

    Args:
        sequence, system: the types of `sequence_by` and `system_sequence_by`.

    Raises:
        MillpondError: AUTO_CDC_UNKNOWN_COLUMN, AUTOCDC_KEY_NOT_IN_SELECTED_SCHEMA,
            AUTOCDC_RESERVED_COLUMN_NAME_CONFLICT, AUTOCDC_NON_ORDERABLE_SEQUENCE,
            AUTO_CDC_NOTHING_SELECTED.
    """
    from pyspark.sql.types import StructType

    where = f"the source of {target}"
    keys = _known("keys", cdc.keys, source.fieldNames(), target, where, cdc.at)
    columns = StructType(
        [source[name] for name in _chosen("columns", cdc.columns, source.fieldNames(), target)]
    )
    for key in keys:
        if key not in columns.fieldNames():
            at = (cdc.columns.at if cdc.columns is not None else cdc.at).narrowed(key)
            raise MillpondError(codes.AUTO_CDC_KEY_NOT_SELECTED, at=at, target=target, column=key)
        _check_order(f"key {key}", columns[key].dataType, target, cdc.at.narrowed(key))
    _check_order("sequence_by", sequence, target, cdc.sequence_by.at)
    if system is not None and cdc.system_sequence_by is not None:
        _check_order("system_sequence_by", system, target, cdc.system_sequence_by.at)
    _check_reserved(columns, cdc, target)
    others = [name for name in columns.fieldNames() if name not in keys]
    tracked = _chosen("track_history", cdc.track_history, others, target)
    return ChangeLayout(
        tuple(keys),
        columns,
        cdc.stored_as,
        tuple(tracked),
        sequence,
        _units(columns, cdc, keys, target),
        system,
        cdc.apply_as_truncates is not None,
        _tracking(cdc.track_history),
    )


def _tracking(chosen: CdcColumns | None) -> str:
    if chosen is None:
        return "all"
    names = ", ".join(sorted(name.casefold() for name in chosen.names))
    return f"all but {names}" if chosen.excluded else names


def _units(columns: StructType, cdc: AutoCdc, keys: Sequence[str], target: str) -> tuple[Unit, ...]:
    if cdc.columns_to_update is not None:
        return listed_updates(columns, keys)
    ignored = cdc.ignore_null_updates
    if ignored is None:
        return ()
    every = null_updates(columns, keys, (), excluded=True)
    for name in ignored.names:
        if not any(unit.is_below(name) for unit in every):
            known = [unit.name for unit in every]
            raise _unknown("ignore_null_updates", name, known, target, "the target", ignored.at)
    units = null_updates(columns, keys, ignored.names, excluded=ignored.excluded)
    if not any(unit.keeps for unit in units):
        clause = "ignore_null_updates"
        code = codes.AUTO_CDC_NOTHING_SELECTED
        raise MillpondError(code, at=ignored.at, target=target, clause=clause)
    return units


def _chosen(clause: str, chosen: CdcColumns | None, known: Sequence[str], target: str) -> list[str]:
    if chosen is None:
        return list(known)
    where = "the target" if clause == "track_history" else f"the source of {target}"
    names = _known(clause, chosen.names, known, target, where, chosen.at)
    if not chosen.excluded:
        return [name for name in known if name in names]
    return [name for name in known if name not in names]


def _known(
    clause: str,
    names: Iterable[str],
    known: Sequence[str],
    target: str,
    where: str,
    at: Span,
) -> list[str]:
    """The names as the source spells them."""
    spelt = {name.casefold(): name for name in known}
    for name in names:
        if name.casefold() not in spelt:
            raise _unknown(clause, name, known, target, where, at)
    return [spelt[name.casefold()] for name in names]


def _unknown(
    clause: str, name: str, known: Sequence[str], target: str, where: str, at: Span
) -> MillpondError:
    return MillpondError(
        codes.AUTO_CDC_UNKNOWN_COLUMN,
        at=at.narrowed(name),
        target=target,
        clause=clause,
        column=name,
        where=where,
        known=", ".join(known),
    )


def _check_order(clause: str, kind: DataType, target: str, at: Span) -> None:
    if not is_orderable(kind):
        raise MillpondError(
            codes.AUTO_CDC_NOT_ORDERABLE,
            at=at,
            target=target,
            clause=clause,
            type=kind.simpleString(),
        )


def _check_reserved(columns: StructType, cdc: AutoCdc, target: str) -> None:
    taken = {name.casefold() for name in HISTORY}
    if cdc.stored_as is StoredAs.SCD_TYPE_1:
        taken = set()
    elif cdc.stored_as is StoredAs.SCD_TYPE_2:
        taken = {START.casefold(), END.casefold()}
    for name in columns.fieldNames():
        if name.casefold() in taken or name.casefold().startswith(PREFIX):
            raise MillpondError(
                codes.AUTO_CDC_RESERVED_COLUMN, at=cdc.at, target=target, column=name
            )
