"""The shape of the answers: rows and expectation counts by dataset."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
Checks = Mapping[str, Callable[[Row], bool]]


@dataclass(frozen=True)
class Counts:
    """How many rows met an expectation and how many did not."""

    passed: int
    failed: int


@dataclass
class Answers:
    """What an update must leave behind.

    Attributes:
        rows: the rows of each dataset, by its name without schema, in no order.
        expectations: the counts of each expectation, by dataset and name.
        dropped: how many rows the drop expectations of a dataset remove.
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    expectations: dict[str, dict[str, Counts]] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)

    def expect(self, dataset: str, seen: Sequence[Row], checks: Checks) -> None:
        """Count each check over all rows that a dataset's query gives."""
        self.expectations[dataset] = {
            name: Counts(
                passed=sum(1 for row in seen if check(row)),
                failed=sum(1 for row in seen if not check(row)),
            )
            for name, check in checks.items()
        }
