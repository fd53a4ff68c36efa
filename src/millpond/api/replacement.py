"""`replace_where`, and `replace_using` with `sequence_by`: flows that replace rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from millpond.api import arguments
from millpond.definitions import FlowKind
from millpond.location import Span


@dataclass(frozen=True, slots=True)
class Replacement:
    """Which rows a flow replaces; `kind` is None for one that replaces none."""

    kind: FlowKind | None = None
    where: str | None = None
    using: tuple[str, ...] = ()
    sequence_by: object = None


def replacement(feature: str, given: Mapping[str, Any], at: Span) -> Replacement:
    """What the arguments of a table or replace flow say (reference 1.3, 4.9).

    Raises:
        MillpondError: CANNOT_SET_TOGETHER; INVALID_ARGUMENT if one of `replace_using` and
            `sequence_by` is missing.
    """
    arguments.refuse_together(feature, given, "replace_where", "replace_using")
    where = arguments.text(feature, given, "replace_where")
    if where:
        return Replacement(FlowKind.REPLACE_WHERE, where=where)
    using = arguments.strings(feature, "replace_using", given.get("replace_using"))
    sequence = given.get("sequence_by")
    if not using and sequence is None:
        return Replacement()
    if not using:
        expected = "the key columns, as sequence_by is given"
        raise arguments.wrong_argument(feature, "replace_using", expected, None)
    if not (isinstance(sequence, str) and sequence) and type(sequence).__name__ != "Column":
        expected = "a column's name or a Column, as replace_using is given"
        raise arguments.wrong_argument(feature, "sequence_by", expected, sequence)
    return Replacement(FlowKind.REPLACE_USING, using=using, sequence_by=sequence)
