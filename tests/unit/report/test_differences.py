"""The end of a summary: what Databricks would have done otherwise."""

from __future__ import annotations

from pathlib import Path

from millpond.events.outcome import DifferenceSummary
from millpond.location import Span
from millpond.report.differences import render_differences

PROJECT = Path("/project")


def use(line: int, feature: str = "MASK") -> DifferenceSummary:
    """A use of a feature in a line of one file."""
    at = Span(PROJECT / "src/silver.sql", line, 5)
    return DifferenceSummary(feature, "masks the column", "the column is readable", at)


def test_each_feature_once_with_the_lines_that_use_it() -> None:
    uses = [use(3), use(9), use(4, "LOCATION")]
    assert render_differences(uses, PROJECT, 80) == [
        "Databricks would do otherwise:",
        "  MASK: masks the column. Here: the column is readable.",
        "    src/silver.sql:3:5, src/silver.sql:9:5",
        "  LOCATION: masks the column. Here: the column is readable.",
        "    src/silver.sql:4:5",
    ]


def test_many_lines_become_a_number() -> None:
    *_, last = render_differences([use(line) for line in range(1, 6)], PROJECT, 120)
    assert last.endswith("src/silver.sql:3:5 and 2 more")


def test_without_differences_there_is_nothing_to_read() -> None:
    assert render_differences([], PROJECT, 80) == []
