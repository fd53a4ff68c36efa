"""What Databricks would have done otherwise, as the end of a summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import wrap

from millpond.events.outcome import DifferenceSummary

_PLACES = 3
"""So many places of one feature are named; the rest is a number."""


def render_differences(
    differences: Sequence[DifferenceSummary], relative_to: Path | None, width: int
) -> list[str]:
    """A heading and, for each feature, what happens there and here, and the lines that use it."""
    if not differences:
        return []
    features: dict[str, list[DifferenceSummary]] = {}
    for difference in differences:
        features.setdefault(difference.feature, []).append(difference)
    lines = ["Databricks would do otherwise:"]
    for feature, uses in features.items():
        first = uses[0]
        text = f"{feature}: {first.databricks}. Here: {first.here}."
        lines += _wrapped(text, "  ", width)
        lines += _wrapped(_places(uses, relative_to), "    ", width)
    return lines


def _wrapped(text: str, indent: str, width: int) -> list[str]:
    return wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _places(uses: Sequence[DifferenceSummary], relative_to: Path | None) -> str:
    shown = list(dict.fromkeys(_shown(uses, relative_to)))
    more = f" and {len(shown) - _PLACES} more" if len(shown) > _PLACES else ""
    return ", ".join(shown[:_PLACES]) + more


def _shown(uses: Sequence[DifferenceSummary], relative_to: Path | None) -> Iterator[str]:
    for use in uses:
        if use.at is not None:
            yield use.at.shown(relative_to)
