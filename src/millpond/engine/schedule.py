"""Run flows side by side, each after the tables it reads; keep failures to themselves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from graphlib import TopologicalSorter

_POLL = 0.5
"""Seconds between looks at whether to stop."""


def flows_at_once() -> int:
    """How many flows run at the same time: enough to keep the cores busy between their steps."""
    return max(4, os.cpu_count() or 1)


@dataclass(slots=True)
class Schedule:
    """Work by key, and what each key has to wait for.

    Attributes:
        after: keys a piece of work waits for; keys that are not in `after` are done already.
        run: does the work of a key; returns whether it succeeded.
        skip: called for a key that cannot run because something before it failed.
        alone: keys that run while nothing else does.
        stopped: whether nothing more is to be started.
        drop: called for each key that is not started because of that.
        interrupt: called once when it stops, to hurry along what is running.
        prepare: called once in each thread that runs work.
        tick: called often, from the thread that called `execute`.
    """

    after: Mapping[str, frozenset[str]]
    run: Callable[[str], bool]
    skip: Callable[[str], None]
    alone: frozenset[str] = frozenset()
    stopped: Callable[[], bool] = lambda: False
    drop: Callable[[str], None] = lambda key: None
    interrupt: Callable[[], None] = lambda: None
    prepare: Callable[[], None] = lambda: None
    tick: Callable[[], None] = lambda: None
    _failed: set[str] = field(default_factory=set)
    _done: set[str] = field(default_factory=set)

    def execute(self, workers: int) -> bool:
        """Run everything; returns whether nothing failed.

        Of what is ready, that which the longest chain of others waits for goes first, so that
        the cores are not left to a single flow at the end. A failure does not stop what does not
        depend on it. An exception of `run` (a bug) ends the schedule once what is running has
        ended.
        """
        chains = self._chains()
        waiting = sorted(self.after, key=lambda key: -chains[key])
        with ThreadPoolExecutor(workers, "millpond-flow", self.prepare) as pool:
            running: dict[Future[bool], str] = {}
            hurried = False
            while waiting or running:
                if waiting and self.stopped():
                    for key in waiting:
                        self.drop(key)
                    self._failed.update(waiting)
                    waiting.clear()
                if not hurried and self.stopped():
                    self.interrupt()
                    hurried = True
                for key in [key for key in waiting if self._is_ready(key)]:
                    if self._after(key) & self._failed:
                        waiting.remove(key)
                        self._failed.add(key)
                        self.skip(key)
                    elif len(running) < workers and self._has_room(key, running.values()):
                        waiting.remove(key)
                        running[pool.submit(self.run, key)] = key
                for future in wait(running, _POLL, FIRST_COMPLETED).done if running else ():
                    key = running.pop(future)
                    (self._done if future.result() else self._failed).add(key)
                self.tick()
        return not self._failed

    def _chains(self) -> dict[str, int]:
        """How many pieces of work have to follow each one, one after the other."""
        order = TopologicalSorter({key: self._after(key) for key in self.after}).static_order()
        chains = dict.fromkeys(self.after, 0)
        for key in reversed(tuple(order)):
            for before in self._after(key):
                chains[before] = max(chains[before], chains[key] + 1)
        return chains

    def _after(self, key: str) -> frozenset[str]:
        return self.after[key] & self.after.keys()

    def _is_ready(self, key: str) -> bool:
        return self._after(key) <= self._done | self._failed

    def _has_room(self, key: str, running: Iterable[str]) -> bool:
        others = set(running)
        return not others or (key not in self.alone and not others & self.alone)
