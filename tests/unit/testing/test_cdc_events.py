"""What random histories have to be, and what the model makes of them whatever the order."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millpond.definitions import StoredAs
from millpond.testing.cdc_events import Event, random_arrival, random_history
from millpond.testing.cdc_kinds import KINDS, Kind, kind_named
from millpond.testing.cdc_model import EVERY_COLUMN, target_rows

RANDOM = st.randoms(use_true_random=False)
WITH_HISTORY = [kind for kind in KINDS if kind.rules.stored_as is StoredAs.SCD_TYPE_2]


def order(value: Any) -> Any:
    """A sequence that sorts."""
    return tuple(value.values()) if isinstance(value, dict) else value


def by_key(rows: Sequence[dict[str, Any]]) -> dict[Any, list[dict[str, Any]]]:
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: order(row["__START_AT"])):
        found[row["h"], row["k"]].append(row)
    return found


def deletes(events: Sequence[Event], kind: Kind, key: Any) -> set[Any]:
    """The sequences at which a key was deleted."""
    by = kind.rules.sequence_by
    names = (by,) if isinstance(by, str) else by
    moments = [
        tuple(event[name] for name in names)
        for event in events
        if event["op"] == "D" and (event["h"], event["k"]) == key
    ]
    return {moment[0] if isinstance(by, str) else moment for moment in moments}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@settings(max_examples=20)
@given(rng=RANDOM)
def test_the_target_does_not_depend_on_the_arrival(kind: Kind, rng: random.Random) -> None:
    events = random_history(rng, 1, kind.variety)
    arrived = [event for batch in random_arrival(rng, events, 4) for event in batch]
    assert sorted(map(repr, target_rows(arrived, kind.rules))) == sorted(
        map(repr, target_rows(events, kind.rules))
    )


@pytest.mark.parametrize("kind", WITH_HISTORY, ids=lambda kind: kind.name)
@settings(max_examples=20)
@given(rng=RANDOM)
def test_history_has_no_overlap_and_no_gap_without_a_delete(kind: Kind, rng: random.Random) -> None:
    events = random_history(rng, 1, kind.variety)
    for key, rows in by_key(target_rows(events, kind.rules)).items():
        deleted = deletes(events, kind, key)
        assert all(row["__END_AT"] is not None for row in rows[:-1])
        for row in rows:
            if row["__END_AT"] is not None:
                assert order(row["__START_AT"]) < order(row["__END_AT"])
        for row, following in itertools.pairwise(rows):
            end, start = order(row["__END_AT"]), order(following["__START_AT"])
            assert end == start or (end < start and end in deleted)
        if rows[-1]["__END_AT"] is not None:
            assert order(rows[-1]["__END_AT"]) in deleted


@pytest.mark.parametrize("kind", WITH_HISTORY, ids=lambda kind: kind.name)
@settings(max_examples=20)
@given(rng=RANDOM)
def test_scd_1_is_what_is_open_in_scd_2(kind: Kind, rng: random.Random) -> None:
    events = random_history(rng, 1, kind.variety)
    rules = replace(kind.rules, stored_as=StoredAs.SCD_TYPE_1, track_history=EVERY_COLUMN)
    opened = [row for row in target_rows(events, kind.rules) if row.pop("__END_AT") is None]
    for row in opened:
        del row["__START_AT"]
    assert target_rows(events, rules) == opened


@given(rng=RANDOM)
def test_what_is_believed_now_is_the_history(rng: random.Random) -> None:
    kind = kind_named("bitemporal")
    events = random_history(rng, 1, kind.variety)
    history = replace(kind.rules, stored_as=StoredAs.SCD_TYPE_2)
    believed = [row for row in target_rows(events, kind.rules) if row["__SYSTEM_END_AT"] is None]
    for row in believed:
        del row["__SYSTEM_START_AT"], row["__SYSTEM_END_AT"]
    assert sorted(map(repr, believed)) == sorted(map(repr, target_rows(events, history)))


@given(rng=RANDOM, batches=st.integers(1, 6))
def test_every_event_arrives(rng: random.Random, batches: int) -> None:
    events = random_history(rng, 1, kind_named("scd2_struct").variety)
    arrival = random_arrival(rng, events, batches)
    assert len(arrival) == batches
    arrived = [event for batch in arrival for event in batch]
    assert {id(event) for event in arrived} == {id(event) for event in events}
