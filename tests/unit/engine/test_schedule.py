"""Flows side by side: in which order, and what becomes of those after a failed one."""

from __future__ import annotations

import threading
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from millpond.engine.schedule import Schedule


def executed(
    after: dict[str, str], workers: int = 1, failing: str = "", alone: str = ""
) -> tuple[list[str], list[str], bool]:
    """What ran, what was skipped, and whether all succeeded; `{"b": "a"}` runs b after a."""
    ran: list[str] = []
    skipped: list[str] = []

    def run(key: str) -> bool:
        ran.append(key)
        return key not in failing

    waits = {key: frozenset(before) for key, before in after.items()}
    schedule = Schedule(waits, run, skipped.append, frozenset(alone))
    return ran, skipped, schedule.execute(workers)


def test_everything_runs_after_what_it_waits_for() -> None:
    assert executed({"c": "ab", "b": "a", "a": ""}) == (["a", "b", "c"], [], True)


def test_what_the_longest_chain_waits_for_goes_first() -> None:
    """X and y end nothing; a, b and c follow each other and would be alone at the end."""
    after = {"x": "", "y": "", "a": "", "b": "a", "c": "b"}
    assert executed(after)[0] == ["a", "b", "x", "y", "c"]


def test_without_chains_the_order_is_that_of_definition() -> None:
    assert executed({"c": "", "a": "", "b": ""})[0] == ["c", "a", "b"]


def test_what_waits_for_a_failure_is_skipped_and_the_rest_runs() -> None:
    after = {"a": "", "b": "a", "c": "b", "x": "", "y": "x"}
    ran, skipped, succeeded = executed(after, failing="a")
    assert (sorted(ran), sorted(skipped), succeeded) == (["a", "x", "y"], ["b", "c"], False)


def test_keys_that_are_not_scheduled_are_done_already() -> None:
    assert executed({"b": "a"}) == (["b"], [], True)


def test_some_keys_run_alone() -> None:
    running: set[str] = set()
    together: list[set[str]] = []
    lock = threading.Lock()
    met = threading.Barrier(2, timeout=10)

    def run(key: str) -> bool:
        with lock:
            running.add(key)
            together.append(set(running))
        if key in "ab":
            met.wait()
        with lock:
            running.discard(key)
        return True

    nothing: Callable[[str], None] = lambda key: None  # noqa: E731 - the type says what it is
    waits = {key: frozenset[str]() for key in "abx"}
    assert Schedule(waits, run, nothing, frozenset("x")).execute(3)
    assert {"x"} in together
    assert not any("x" in seen and len(seen) > 1 for seen in together)


@given(st.data())
def test_order_and_outcome_for_any_graph(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 8))
    keys = [chr(ord("a") + number) for number in range(count)]
    after = {
        key: "".join(data.draw(st.sets(st.sampled_from(keys[:place])))) if place else ""
        for place, key in enumerate(keys)
    }
    failing = "".join(data.draw(st.sets(st.sampled_from(keys))))
    ran, skipped, succeeded = executed(after, data.draw(st.integers(1, 4)), failing)
    doomed: set[str] = set()
    for key in keys:
        if doomed & set(after[key]) or set(failing) & set(after[key]):
            doomed.add(key)
    assert set(skipped) == doomed
    assert sorted(ran) == sorted(set(keys) - doomed)
    assert succeeded == (not set(failing))
    for key in ran:
        assert set(after[key]) <= set(ran[: ran.index(key)])
