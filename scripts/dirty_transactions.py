"""Transactions made up here to be wrong, untidy, late or repeated: one line for each way."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

_ABSENT = object()

DIRTY_DAY = "2017-01-08"
"""The landing folder of the dirty file; its lines below are early, late or on time for it."""


def wrong_lines() -> list[str]:
    """Events that belong in quarantine, each for the reason its fields show."""
    changes: list[dict[str, Any]] = [
        {"transaction_id": _ABSENT},
        {"transaction_id": None},
        {"transaction_id": "   "},
        {"customer_id": _ABSENT},
        {"customer_id": ""},
        {"product_id": None},
        {"product_id": _ABSENT, "customer_id": _ABSENT},
        {"quantity": 0},
        {"quantity": -3},
        {"quantity": None},
        {"quantity": _ABSENT},
        {"unit_price": 0},
        {"unit_price": -1.99},
        {"unit_price": None},
        {"quantity": -1, "unit_price": -1.00, "country": "XX"},
        {"country": "XX"},
        {"country": "USA"},
        {"country": ""},
        {"country": _ABSENT},
        {"quantity": "two"},
        {"unit_price": "1,99"},
        {"quantity": "two", "unit_price": "1,99"},
        {"transaction_date": "yesterday"},
        {"transaction_date": "2017-13-45T00:00:00Z"},
        {"transaction_date": ""},
        {"transaction_date": _ABSENT},
        {"transaction_date": "2017-01-05T23:59:59Z"},
        {"transaction_date": "2017-01-06T23:59:59Z"},
        {"transaction_date": "2016-11-30T12:00:00Z"},
        {"transaction_date": "2017-01-09T00:00:00Z"},
        {"transaction_date": "2031-01-01T00:00:00Z"},
    ]
    return [_line(f"TX-BAD-{number:02d}", change) for number, change in enumerate(changes, 1)]


def unreadable_lines() -> list[str]:
    """Lines that are not JSON."""
    whole = _line("TX-CUT-01", {})
    return [whole[: len(whole) // 2], "transaction_id;customer_id;product_id", whole[:-1] + ",}"]


def good_lines() -> list[str]:
    """Untidy, late or surprising events that are kept all the same."""
    changes: list[dict[str, Any]] = [
        {"customer_id": " h1 ", "product_id": "p1082185 ", "country": " us"},
        {"country": "Gb"},
        {"transaction_date": "2017-01-07T00:00:00Z"},
        {"transaction_date": "2017-01-07T20:15:00Z"},
        {"transaction_date": "2017-01-08T23:59:59Z"},
        {"loyalty_points": 12},
        {"loyalty_points": 7, "quantity": 2},
        {"product_id": "P-UNKNOWN"},
        {"customer_id": "H-UNKNOWN", "product_id": "P-UNKNOWN"},
        {"quantity": 5000, "unit_price": 0.002},
        {"unit_price": 0.0049, "quantity": 1},
    ]
    lines = [_line(f"TX-ODD-{number:02d}", change) for number, change in enumerate(changes, 1)]
    return [*lines, _line(" tx-odd-01 ", changes[0])]


def repeated_lines(same_day: Sequence[str], long_ago: Sequence[str]) -> list[str]:
    """Exact duplicates of events that arrived before.

    Those of the same day are duplicates to remove; those of days ago are late as well.
    """
    return [*same_day, *same_day[:2], *long_ago]


def _line(transaction_id: str, changes: Mapping[str, Any]) -> str:
    event: dict[str, Any] = {
        "transaction_id": transaction_id,
        "customer_id": "H1",
        "product_id": "P1082185",
        "quantity": 1,
        "unit_price": 1.99,
        "transaction_date": "2017-01-08T12:00:00Z",
        "country": "US",
    }
    event.update(changes)
    present = {key: value for key, value in event.items() if value is not _ABSENT}
    return json.dumps(present, separators=(",", ":"))
