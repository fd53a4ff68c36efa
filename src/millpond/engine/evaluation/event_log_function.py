"""`event_log('id')` and `event_log(TABLE(name))` in a query (reference 6.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import parse_name
from millpond.engine.evaluation.relations import Relations
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.references import Reference

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def event_log(relations: Relations, reference: Reference, at: Span) -> DataFrame:
    """The log that the function's argument asks for.

    Raises:
        MillpondError: EVENT_LOG_ARGUMENT for another argument, or more than one; what
            `Relations.event_log` raises.
    """
    found = reference.arguments
    if len(found) != 1:
        raise MillpondError(codes.EVENT_LOG_ARGUMENT, at=at, found=f"{len(found)} arguments")
    (argument,) = found
    if argument.literal and isinstance(argument.value, str):
        return relations.event_log(argument.value, at)
    words = argument.text.strip()
    if words[:5].upper() != "TABLE":
        raise MillpondError(codes.EVENT_LOG_ARGUMENT, at=at, found=words)
    name = words[5:].strip()
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1].strip()
    return relations.event_log(parse_name(name, at=at), at)
