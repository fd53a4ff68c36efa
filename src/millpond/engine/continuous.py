"""Run flows over and over, each at its own interval, until all of them are asked to stop.

A flow goes on in passes. One pass is what a triggered update does with the flow: everything
that is there now, and then it rests.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from enum import Enum

from millpond.engine.retry import pause

_POLL = 0.2
"""Seconds between looks at what is due."""


class Pass(Enum):
    """How one pass of a flow ended."""

    RESTS = 1
    """It has processed what there was; the next pass is due after its interval."""
    IS_DONE = 2
    """It runs once, and has."""
    TRIES_AGAIN = 3
    FAILED = 4
    STOPPED = 5


@dataclass(slots=True)
class ContinuousSchedule:
    """Flows by key, and what each key has to wait for before its first pass.

    Attributes:
        after: the keys whose first pass comes before; keys that are not in `after` are ready.
        run: makes one pass of a key.
        interval: seconds from the start of a key's pass to the start of its next one.
        lose: called for each key that cannot go on because one before it failed for good.
        alone: keys whose passes run while nothing else does.
        stopped: whether to make no more passes.
        interrupt: called once when it stops, to hurry along what is running.
        prepare: called once in each thread that makes passes.
        tick: called often, from the thread that called `execute`.
        tries: how many passes of a key may fail in a row; None for any number.
    """

    after: Mapping[str, frozenset[str]]
    run: Callable[[str], Pass]
    interval: Callable[[str], float]
    lose: Callable[[str], None]
    alone: frozenset[str] = frozenset()
    stopped: Callable[[], bool] = lambda: False
    interrupt: Callable[[], None] = lambda: None
    prepare: Callable[[], None] = lambda: None
    tick: Callable[[], None] = lambda: None
    tries: int | None = None
    clock: Callable[[], float] = time.monotonic
    _due: dict[str, float] = field(default_factory=dict)
    _started: dict[str, float] = field(default_factory=dict)
    _failures: dict[str, int] = field(default_factory=dict)
    _ready: set[str] = field(default_factory=set)
    _lost: set[str] = field(default_factory=set)

    def going_on(self) -> tuple[str, ...]:
        """The keys that would have another pass if it had not been asked to stop."""
        return tuple(self._due)

    def execute(self, workers: int) -> bool:
        """Go on until it is asked to stop, or no flow is left; returns whether none failed.

        A pass that fails and is worth another try is made again, after a pause that doubles. The
        flows that do not depend on it go on. An exception of `run` (a bug) ends it all.
        """
        self._due = dict.fromkeys(self.after, 0.0)
        with ThreadPoolExecutor(workers, "millpond-flow", self.prepare) as pool:
            running: dict[Future[Pass], str] = {}
            while not self.stopped() and (self._due or running):
                for key in self._startable(list(running.values()), workers):
                    self._started[key] = self.clock()
                    del self._due[key]
                    running[pool.submit(self.run, key)] = key
                for future in wait(running, _POLL, FIRST_COMPLETED).done:
                    self._settle(running.pop(future), future.result())
                if not running:
                    time.sleep(_POLL)
                self.tick()
            if self.stopped():
                self.interrupt()
            for future in wait(running).done:
                self._settle(running.pop(future), future.result())
        return not self._lost

    def _startable(self, running: list[str], workers: int) -> list[str]:
        """The keys to start now, those that are due for longest first."""
        found: list[str] = []
        now = self.clock()
        for key in sorted(self._due, key=self._due.__getitem__):
            busy = [*running, *found]
            if self._due[key] > now or len(busy) >= workers:
                break
            if not (self.after[key] & self.after.keys()) <= self._ready:
                continue
            if busy and (key in self.alone or self.alone.intersection(busy)):
                break  # what is due for longest goes first, or it would wait for ever
            found.append(key)
        return found

    def _settle(self, key: str, ended: Pass) -> None:
        """Plan the next pass of a key, or give it up."""
        if key in self._lost:
            self.lose(key)
        elif ended is Pass.TRIES_AGAIN:
            failures = self._failures[key] = self._failures.get(key, 0) + 1
            if self.tries is None or failures < self.tries:
                self._due[key] = self.clock() + pause(failures)
            else:
                self._give_up(key)
        elif ended is Pass.FAILED:
            self._give_up(key)
        elif ended is not Pass.STOPPED:
            self._failures.pop(key, None)
            self._ready.add(key)
            if ended is Pass.RESTS:
                self._due[key] = max(self._started[key] + self.interval(key), self.clock())

    def _give_up(self, key: str) -> None:
        """Leave a key out from now on, and those that depend on it; what runs ends its pass."""
        self._lost.add(key)
        while new := [k for k in self.after if k not in self._lost and self.after[k] & self._lost]:
            self._lost.update(new)
            for each in new:
                if self._due.pop(each, None) is not None:
                    self.lose(each)
