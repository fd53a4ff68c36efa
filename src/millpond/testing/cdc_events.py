"""Random histories of a few keys, and random ways in which they arrive.

A history is what happened; an arrival is when the pipeline hears of it: in any order, twice, and
cut into batches. Values are few, so that equal rows, NULLs and repeated sequences are common.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Event = dict[str, Any]

SCHEMA = (
    "h INT, k STRING, op STRING, seq INT, sub INT, known INT, name STRING, city STRING,"
    " address STRUCT<street: STRING, geo: STRUCT<lat: DOUBLE, zone: STRING>>,"
    " wrote ARRAY<STRING>"
)
"""The columns of every feed. `h` is the history, `h` and `k` are the key, `op` is U, D or T."""

_WRITABLE = ("name", "city", "address")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variety:
    """What happens in a history.

    Attributes:
        deletes, truncates: how likely an event is one.
        ties: how likely an upsert has a delete at its own sequence.
        struct: whether sequences repeat, and only `seq` and `sub` together tell events apart.
    """

    deletes: float = 0.2
    truncates: float = 0.0
    ties: float = 0.05
    struct: bool = False


def random_history(rng: random.Random, number: int, variety: Variety) -> list[Event]:
    """The events of one history, no two of a key at the same sequence unless they tie."""
    events = []
    for key in "abc"[: rng.randint(1, 3)]:
        count = rng.randint(1, 7)
        places = [(seq, sub) for seq in range(1, 13) for sub in range(3 if variety.struct else 1)]
        moments = rng.sample(range(1, 21), count)
        for place, known in zip(rng.sample(places, count), moments, strict=True):
            event = _event(rng, number, key, variety)
            event.update(seq=place[0], sub=place[1], known=known)
            events.append(event)
            if event["op"] != "D" and rng.random() < variety.ties:
                events.append({**copy.deepcopy(event), "op": "D"})
    if rng.random() < variety.truncates:
        event = dict.fromkeys(events[0])
        events.append({**event, "h": number, "op": "T", "seq": rng.randint(1, 12), "sub": 0})
    return events


def random_arrival(rng: random.Random, events: Sequence[Event], batches: int) -> list[list[Event]]:
    """The events in batches: shuffled, and some of them once more, in any batch after."""
    shuffled = list(events)
    rng.shuffle(shuffled)
    arrival: list[list[Event]] = [[] for _ in range(batches)]
    for event in shuffled:
        first = rng.randrange(batches)
        arrival[first].append(event)
        if rng.random() < 0.15:
            arrival[rng.randrange(first, batches)].append(event)
    for batch in arrival:
        rng.shuffle(batch)
    return arrival


def _event(rng: random.Random, number: int, key: str, variety: Variety) -> Event:
    operation = "D" if rng.random() < variety.deletes else rng.choice(("U", "U", None))
    return {
        "h": number,
        "k": key,
        "op": operation,
        "name": rng.choice(("n", "m", None)),
        "city": rng.choice(("x", "y", None)),
        "address": _address(rng),
        "wrote": sorted(rng.sample(_WRITABLE, rng.randint(0, 3))),
    }


def _address(rng: random.Random) -> Event | None:
    if rng.random() < 0.3:
        return None
    geo = None
    if rng.random() < 0.7:
        geo = {"lat": rng.choice((1.5, 2.5, None)), "zone": rng.choice(("u", None))}
    return {"street": rng.choice(("s", "t", None)), "geo": geo}
