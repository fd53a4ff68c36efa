"""Recognise, in the error of a stopped query, the row that a `fail` expectation stopped it for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

MARK = "\u241emillpond-violation\u241e"
"""Encloses the JSON report inside Spark's error message."""


@dataclass(frozen=True, slots=True)
class Violation:
    """The expectations that one row violated, and the row as JSON."""

    names: tuple[str, ...]
    row: str


_REPORT = re.compile(MARK + r'(\{"names":.*?\})' + MARK, re.DOTALL)


def find_violation(message: str) -> Violation | None:
    """The violation that a query's error message reports, or None if it failed otherwise.

    A message may also contain the query's plan, and so the marks without a report.
    """
    found = _REPORT.search(message)
    if found is None:
        return None
    report = json.loads(found.group(1))
    return Violation(tuple(report["names"]), report["row"])
