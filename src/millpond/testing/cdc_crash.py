"""Crashes inside the batches of AUTO CDC: by raising, and by killing the process."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from millpond.engine.cdc.faults import CRASH_POINTS, crashing


class InjectedCrash(Exception):  # noqa: N818 - no error of anybody's
    """Raised inside a batch, as if the process had come to its end there."""


class Crashes:
    """Raises at some of the places that batches pass, and counts how often it did."""

    def __init__(self, seed: int, probability: float = 0.4) -> None:
        self.count = 0
        self._rng = random.Random(f"{seed}:crashes")
        self._probability = probability
        self._lock = threading.Lock()

    @contextmanager
    def armed(self) -> Iterator[None]:
        """Let batches crash."""
        with ExitStack() as stack:
            for point in CRASH_POINTS:
                stack.enter_context(crashing(point, self._reached))
            yield

    def _reached(self) -> None:
        with self._lock:
            crash = self._rng.random() < self._probability
            self.count += crash
        if crash:
            raise InjectedCrash


def run_until_killed(folder: Path, source: Path, point: str, batch: int) -> bool:
    """Run an update of a trial in a process of its own, which kills itself in a batch.

    Args:
        point: the place in the batch.
        batch: which of the batches that get there, from 1, all flows together.

    Returns:
        Whether it was killed; if not, it ended before.
    """
    command = [sys.executable, "-m", "millpond.testing.cdc_crash"]
    given = [str(folder), str(source), str(CRASH_POINTS.index(point)), str(batch)]
    ended = subprocess.run([*command, *given], check=False, capture_output=True, text=True)
    if ended.returncode not in (0, -signal.SIGKILL):
        raise RuntimeError(ended.stderr)
    return ended.returncode != 0


def _killing(batch: int) -> Callable[[], None]:
    remaining, lock = [batch], threading.Lock()

    def reached() -> None:
        with lock:
            remaining[0] -= 1
            if not remaining[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    return reached


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("point", type=int)
@click.argument("batch", type=int)
def main(folder: Path, source: Path, point: int, batch: int) -> None:
    """Run one update of a trial, and end this process within it."""
    from millpond.testing.cdc_update import run_trial_update

    with crashing(CRASH_POINTS[point], _killing(batch)):
        run_trial_update(folder, source)


if __name__ == "__main__":
    main()
