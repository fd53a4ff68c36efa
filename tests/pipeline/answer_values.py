"""Values as the pipeline writes them: codes, times, decimals; and grouping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from answer_model import Row


def code(text: str | None) -> str | None:
    """A code without spaces around it, in upper case; None if nothing is left."""
    return (text or "").strip(" ").upper() or None


def time_of(text: str | None) -> datetime | None:
    """The times that the feeds use: `2017-01-08T12:00:00Z`."""
    try:
        return datetime.strptime(text or "", "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return None


def decimal(number: float | None, step: str) -> Decimal | None:
    """A number at a step such as 0.01, halves rounded up."""
    if number is None:
        return None
    return Decimal(repr(number)).quantize(Decimal(step), ROUND_HALF_UP)


def hour_of(time: datetime) -> datetime:
    """The start of the hour."""
    return time.replace(minute=0, second=0, microsecond=0)


def present(name: str) -> Callable[[Row], bool]:
    """A check that a column is not None."""
    return lambda row: row[name] is not None


def by_key(rows: Iterable[Row], key: str) -> dict[Any, Row]:
    """The rows by the value of a column."""
    return {row[key]: row for row in rows}


def grouped(rows: Iterable[Row], key: Callable[[Row], Any]) -> list[tuple[Any, list[Row]]]:
    """The rows that share a key, by key."""
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return list(groups.items())
