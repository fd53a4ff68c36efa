# ruff: noqa: E501 - an event is a line
"""A small feed of clicks, views, purchases and sign-ups, made up; a few events are invalid."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from retail_landing import write_lines

START = datetime(2017, 1, 2)
DAYS = 3
EVENTS_PER_DAY = 120

_PAGES = ("/", "/offers", "/produce", "/bakery", "/basket")
_WEIGHTS = {"view": 6, "click": 4, "purchase": 2, "signup": 1}

INVALID = (
    '{"event_type":"view","user_id":"U007","event_timestamp":"2017-01-03T09:00:00Z","page":"/"}',
    '{"event_id":"","event_type":"view","user_id":"U007","event_timestamp":"2017-01-03T09:01:00Z"}',
    '{"event_id":"E9003","event_type":"click","user_id":null,"event_timestamp":"2017-01-03T09:02:00Z"}',
    '{"event_id":"E9004","event_type":"hover","user_id":"U007","event_timestamp":"2017-01-03T09:03:00Z"}',
    '{"event_id":"E9005","user_id":"U007","event_timestamp":"2017-01-03T09:04:00Z"}',
    '{"event_id":"E9006","event_type":"click","user_id":"U007","event_timestamp":"yesterday"}',
    '{"event_id":"E9007","event_type":"click","user_id":"U007"}',
    '{"event_id":"E9008","event_type":"purchase","user_id":"U007","event_timestamp":"2017-01-03T09:07:00Z"}',
    '{"event_id":"E9009","event_type":"purchase","user_id":"U007","event_timestamp":"2017-01-03T09:08:00Z","amount":-5.00}',
    '{"event_id":"E9010","event_type":"purchase","user_id":"U007","event_timestamp":"2017-01-03T09:09:00Z","amount":"free"}',
    '{"event_id":"E9011","event_type":"view","user_id":"U007","event_timesta',
    "GET /offers HTTP/1.1 200",
)
"""A line for each way in which an event can be wrong."""

UNTIDY = (
    '{"event_id":" e9101 ","event_type":" Click ","user_id":" u007","event_timestamp":"2017-01-03T10:00:00Z","page":"/"}',
    '{"event_id":"E9102","event_type":"VIEW","user_id":"U008","event_timestamp":"2017-01-03T10:01:00Z","campaign":"spring"}',
)
"""Valid once their codes are standardised; the second has a column of its own."""


def write_click_events(folder: Path) -> None:
    """Write a folder a day below `folder`, the invalid events in a file of their own."""
    chance = random.Random(20170102)
    for day in range(DAYS):
        date = START + timedelta(days=day)
        lines = [_line(chance, date, day * EVENTS_PER_DAY + n) for n in range(EVENTS_PER_DAY)]
        write_lines(folder / f"{date:%Y-%m-%d}" / "events-1.json", lines)
    write_lines(folder / "2017-01-03" / "events-dirty.json", (*INVALID, *UNTIDY))


def _line(chance: random.Random, date: datetime, number: int) -> str:
    kind = chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
    time = date + timedelta(seconds=chance.randrange(86_400))
    event: dict[str, Any] = {
        "event_id": f"E{number:04d}",
        "event_type": kind,
        "user_id": f"U{chance.randrange(40):03d}",
        "event_timestamp": f"{time:%Y-%m-%dT%H:%M:%SZ}",
        "page": chance.choice(_PAGES),
    }
    if kind == "purchase":
        event["amount"] = chance.randrange(100, 9_900) / 100
    return json.dumps(event, separators=(",", ":"))
