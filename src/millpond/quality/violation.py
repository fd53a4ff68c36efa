"""Recognise, in the error of a stopped query, the row that a `fail` expectation stopped it for."""

from __future__ import annotations

import json
from dataclasses import dataclass

MARK = "\u241emillpond-violation\u241e"
"""Encloses the JSON report inside Spark's error message."""


@dataclass(frozen=True, slots=True)
class Violation:
    """The expectations that one row violated, and the row as JSON."""

    names: tuple[str, ...]
    row: str


def find_violation(message: str) -> Violation | None:
    """The violation that a query's error message reports, or None if it failed otherwise."""
    parts = message.split(MARK)
    if len(parts) < 3:
        return None
    report = json.loads(parts[1])
    return Violation(tuple(report["names"]), report["row"])
