"""Flows that go on in passes: when the next one is due, and what a failure stops."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from millpond.engine.continuous import ContinuousSchedule, Pass


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("millpond.engine.continuous._POLL", 0.005)
    monkeypatch.setattr("millpond.engine.continuous.pause", lambda failures: 0.001)


class Run:
    """A schedule whose passes are given, and that stops after a number of them."""

    def __init__(self, stop_after: int) -> None:
        self.passes: list[str] = []
        self.lost: list[str] = []
        self.stop_after = stop_after
        self.schedule: ContinuousSchedule
        self._lock = threading.Lock()

    def of(
        self,
        after: Mapping[str, str],
        one_pass: Callable[[str, int], Pass] = lambda key, number: Pass.RESTS,
        **options: Any,
    ) -> bool:
        def run(key: str) -> Pass:
            with self._lock:
                self.passes.append(key)
                number = self.passes.count(key)
            return one_pass(key, number)

        options.setdefault("interval", lambda key: 0.0)
        self.schedule = ContinuousSchedule(
            {key: frozenset(before) for key, before in after.items()},
            run,
            lose=self.lost.append,
            stopped=lambda: len(self.passes) >= self.stop_after,
            **options,
        )
        return self.schedule.execute(4)


def test_every_flow_goes_on_until_it_is_stopped() -> None:
    run = Run(stop_after=20)

    assert run.of({"a": "", "b": ""})
    assert run.passes.count("a") > 3
    assert run.passes.count("b") > 3
    assert set(run.schedule.going_on()) == {"a", "b"}


def test_a_flow_waits_for_the_first_pass_of_what_it_reads() -> None:
    run = Run(stop_after=6)
    run.of({"b": "a", "a": "", "c": "b"})

    firsts = list(dict.fromkeys(run.passes))
    assert firsts == ["a", "b", "c"]


def test_the_next_pass_is_due_an_interval_after_the_start_of_the_last() -> None:
    run = Run(stop_after=30)
    run.of({"often": "", "seldom": ""}, interval={"often": 0.0, "seldom": 3600.0}.__getitem__)

    assert run.passes.count("seldom") == 1


def test_a_failure_is_tried_again_while_the_others_go_on() -> None:
    def fails_twice(key: str, number: int) -> Pass:
        return Pass.TRIES_AGAIN if key == "a" and number < 3 else Pass.RESTS

    run = Run(stop_after=40)

    assert run.of({"a": "", "b": "", "after_a": "a"}, fails_twice)
    assert "after_a" in run.passes
    assert run.passes.index("after_a") > [i for i, key in enumerate(run.passes) if key == "a"][2]


def test_tries_in_a_row_can_be_limited() -> None:
    run = Run(stop_after=1000)

    assert not run.of({"a": ""}, lambda key, number: Pass.TRIES_AGAIN, tries=3)
    assert run.passes == ["a", "a", "a"]


def test_a_success_in_between_begins_the_count_anew() -> None:
    def every_third_works(key: str, number: int) -> Pass:
        return Pass.RESTS if number % 3 == 0 else Pass.TRIES_AGAIN

    run = Run(stop_after=12)
    assert run.of({"a": ""}, every_third_works, tries=3)


def test_a_flow_that_failed_for_good_takes_along_what_depends_on_it_and_no_one_else() -> None:
    def one_fails(key: str, number: int) -> Pass:
        return Pass.FAILED if key == "a" else Pass.RESTS

    run = Run(stop_after=10)

    assert not run.of({"a": "", "b": "a", "c": "b", "other": ""}, one_fails)
    assert sorted(run.lost) == ["b", "c"]
    assert set(run.passes) == {"a", "other"}


def test_it_ends_when_no_flow_is_left() -> None:
    run = Run(stop_after=1000)
    assert run.of({"a": "", "b": "a"}, lambda key, number: Pass.IS_DONE)
    assert run.passes == ["a", "b"]


def test_a_flow_that_runs_alone_gets_its_turn() -> None:
    busy = threading.Lock()

    def alone(key: str, number: int) -> Pass:
        if key == "alone":
            assert busy.acquire(blocking=False)
            busy.release()
        elif key == "a":
            with busy:
                threading.Event().wait(0.005)
        return Pass.RESTS

    run = Run(stop_after=20)
    run.of({"a": "", "alone": ""}, alone, alone=frozenset(["alone"]))

    assert run.passes.count("alone") > 3


def test_a_bug_ends_it() -> None:
    def breaks(key: str, number: int) -> Pass:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Run(stop_after=1000).of({"a": ""}, breaks)
