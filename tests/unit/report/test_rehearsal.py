"""What a rehearsal says."""

from __future__ import annotations

import pytest

from millpond.engine.rehearsal.outcome import (
    Difference,
    Finding,
    Reason,
    RehearsalOutcome,
    TargetOutcome,
)
from millpond.report.rehearsal import render_rehearsal

KEY = '{"id":1}'
TIED = Finding(1, KEY, ('{"id":1,"name":"a"}', '{"id":1,"name":"b"}'))
DIFFERENT = Difference(KEY, 2, TIED.events[:1], (), Reason.TIE)


def outcome(**given: object) -> RehearsalOutcome:
    target = TargetOutcome("main.default.t", ("t",), 1200, **given)  # type: ignore[arg-type]
    return RehearsalOutcome(7, 3, 4, (target,))


def test_the_same_every_time() -> None:
    assert render_rehearsal(outcome()) == (
        "main.default.t: 1,200 events, 3 shuffles in 4 batches each: the same every time"
    )


def test_ties_are_told_though_nothing_differed() -> None:
    found = outcome(ties=TIED)
    assert found.is_same
    assert "1 sequence shared by different events" in render_rehearsal(found)


def test_a_difference_shows_the_key_both_rows_and_why() -> None:
    lines = render_rehearsal(outcome(ties=TIED, difference=DIFFERENT)).splitlines()
    assert lines[0].endswith("depends on the order")
    assert lines[1:5] == [
        f"  {KEY} as the feed is:",
        f"    {TIED.events[0]}",
        "  in shuffle 2 of seed 7:",
        "    no row",
    ]
    assert "same sequence" in lines[5]


def test_without_a_sequence_nothing_is_tried() -> None:
    found = outcome(nulls=Finding(3, KEY, TIED.events[:1]))
    assert not found.is_same
    assert "without a sequence: 3 events" in render_rehearsal(found)


@pytest.mark.parametrize("given", [{}, {"ties": TIED, "difference": DIFFERENT}, {"nulls": TIED}])
def test_json_has_the_same_keys_always(given: dict[str, object]) -> None:
    (target,) = outcome(**given).to_json()["targets"]
    assert list(target) == [
        "name",
        "flows",
        "events",
        "same",
        "ties",
        "null_sequences",
        "difference",
    ]
    assert target["same"] is (not given)
