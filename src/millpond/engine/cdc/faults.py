"""Named places inside a batch of changes where a crash would show whether anything is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

BEFORE_COMMIT = "before the target's commit"
AFTER_COMMIT = "after the target's commit, before the checkpoint's"
CRASH_POINTS = (BEFORE_COMMIT, AFTER_COMMIT)

_actions: dict[str, Callable[[], None]] = {}


def reached(point: str) -> None:
    """Called by the engine at each place; does what a test asked for there, else nothing."""
    action = _actions.get(point)
    if action is not None:
        action()


@contextmanager
def crashing(point: str, action: Callable[[], None]) -> Iterator[None]:
    """Let an action happen at a place, such as raising or ending the process."""
    assert point in CRASH_POINTS, f"no such place: {point}"
    _actions[point] = action
    try:
        yield
    finally:
        del _actions[point]
