"""An expectation: a named condition on rows, and what happens to one that does not meet it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from millpond.location import Span


class Action(str, Enum):
    """What a violation does (reference 3.1). The values are those of the JSON output."""

    WARN = "warn"
    DROP = "drop"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Expectation:
    """A named condition on the rows of one dataset.

    Attributes:
        name: unique within its dataset.
        condition: a SQL expression, or a pyspark Column (kept as `object`: no Spark here).
        action: what happens to a row for which the condition is not true; NULL is not true.
        at: the decorator or CONSTRAINT clause.
    """

    name: str
    condition: object
    action: Action
    at: Span
