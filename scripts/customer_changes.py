# ruff: noqa: E501 - a message is a line
"""The change feed of customers: real first purchases and changes of store, and what goes wrong.

A customer is inserted with the first basket, and updated when a basket comes from another store
than the one before: both are real. Who asked to be forgotten is made up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from retail_landing import Source, write_lines

FORGOTTEN = "2017-01-12T08:00:00Z"
"""When some customers asked to be forgotten; a few of them came again later."""
_ONE_FORGOTTEN_IN = 40
_ONE_LATE_IN = 9
"""So many of the changes are delivered with those of the next day."""
_ONE_REPEATED_IN = 50

DIRTY_DAY = "2017-01-09"
INVALID = (
    '{"operation":"UPDATE","table":"customers","timestamp":"2017-01-09T10:00:00Z","before":null,"after":null,"primary_key":null}',
    '{"operation":"MERGE","table":"customers","timestamp":"2017-01-09T10:01:00Z","before":null,"after":{"home_store":"S1"},"primary_key":"H3"}',
    '{"operation":"UPDATE","table":"customers","before":null,"after":{"home_store":"S1"},"primary_key":"H3"}',
    '{"operation":"UPDATE","table":"customers","timestamp":"last night","before":null,"after":{"home_store":"S1"},"primary_key":"H3"}',
    '{"operation":"UPDATE","table":"customers","timestamp":"2017-01-09T10:04:00Z","before":null,"after":null,"primary_key":"H3"}',
    '{"operation":"INSERT","table":"stores","timestamp":"2017-01-09T10:05:00Z","before":null,"after":null,"primary_key":"S1"}',
    '{"operation":"UPDATE","table":"customers","timest',
)
"""A line for each way in which a change can be wrong."""

_DEMOGRAPHICS = ("age_band", "income_band", "household_size")


def write_customer_changes(folder: Path, slice_: pd.DataFrame, source: Source) -> None:
    """Write a folder a day below `folder`, each with the changes that were delivered that day."""
    delivered: dict[str, list[str]] = {}
    for number, change in enumerate(_changes(slice_, source)):
        line = json.dumps(change, separators=(",", ":"))
        day = pd.Timestamp(change["timestamp"][:10])
        late = pd.Timedelta(days=int(number % _ONE_LATE_IN == 0))
        delivered.setdefault(f"{day + late:%Y-%m-%d}", []).append(line)
        if number % _ONE_REPEATED_IN == 0:
            delivered.setdefault(f"{day + pd.Timedelta(days=1):%Y-%m-%d}", []).append(line)
    delivered[DIRTY_DAY].extend(INVALID)
    for day, lines in sorted(delivered.items()):
        write_lines(folder / day / "changes-1.json", lines)


def _changes(slice_: pd.DataFrame, source: Source) -> Iterator[dict[str, Any]]:
    """The changes in the order of their times, customer by customer within a second."""
    known = _demographics(source.demographics)
    stores: dict[int, str] = {}
    for time, household, store in _baskets(slice_):
        before = _row(household, stores.get(household), known)
        after = _row(household, store, known)
        if after == before:
            continue
        stores[household] = store
        yield _message("UPDATE" if before else "INSERT", time, household, before, after)


def _baskets(slice_: pd.DataFrame) -> list[tuple[str, int, str | None]]:
    """Time, household and store of each basket; of one that asked to be forgotten, no store."""
    baskets = slice_.drop_duplicates(["household_id", "transaction_timestamp"])
    times = baskets["transaction_timestamp"].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    found: list[tuple[str, int, str | None]] = [
        (time, household, f"S{store}")
        for time, household, store in zip(
            times.tolist(),
            baskets["household_id"].tolist(),
            baskets["store_id"].tolist(),
            strict=True,
        )
    ]
    before = {household for time, household, _ in found if time < FORGOTTEN}
    found += [(FORGOTTEN, each, None) for each in before if each % _ONE_FORGOTTEN_IN == 0]
    return sorted(found, key=lambda basket: basket[:2])


def _row(
    household: int, store: str | None, known: dict[int, tuple[Any, ...]]
) -> dict[str, Any] | None:
    if store is None:
        return None
    told = known.get(household, (None,) * len(_DEMOGRAPHICS))
    return {
        "customer_id": f"H{household}",
        **dict(zip(_DEMOGRAPHICS, told, strict=True)),
        "home_store": store,
    }


def _message(
    operation: str,
    time: str,
    household: int,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> dict[str, Any]:
    return {
        "operation": "DELETE" if after is None else operation,
        "table": "customers",
        "timestamp": time,
        "before": before,
        "after": after,
        "primary_key": f"H{household}",
    }


def _demographics(frame: pd.DataFrame) -> dict[int, tuple[Any, ...]]:
    plain = frame[["household_id", "age", "income", "household_size"]].astype(object)
    rows = plain.where(plain.notna(), None).itertuples(index=False, name=None)
    return {row[0]: row[1:] for row in rows}
