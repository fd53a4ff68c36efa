"""Measure: commands in fresh processes, taken in turns, and what is made of their times."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MILLPOND = Path(sys.executable).parent / "millpond"


@dataclass(frozen=True)
class Finished:
    """A command that succeeded: its wall time in seconds, and its standard output."""

    seconds: float
    output: str


@dataclass(frozen=True)
class Series:
    """The times of one thing that was measured several times, in seconds."""

    label: str
    seconds: tuple[float, ...]

    @property
    def best(self) -> float:
        """The shortest time."""
        return min(self.seconds)

    @property
    def median(self) -> float:
        """The median time."""
        return statistics.median(self.seconds)


@dataclass(frozen=True)
class Ratio:
    """One figure against another, or against a limit; below `aim` is good where there is one."""

    label: str
    value: float
    aim: float | None = None
    unit: str = "x"


@dataclass(frozen=True)
class Result:
    """What one benchmark found."""

    name: str
    about: str
    series: tuple[Series, ...]
    ratios: tuple[Ratio, ...] = ()


class CommandError(Exception):
    """A command that was to be measured did not succeed; the message has the end of its output."""


def run(command: Sequence[object], folder: Path) -> Finished:
    """Run a command in a folder until it has ended.

    Args:
        command: the program and its arguments, as text or as what prints as that.

    Raises:
        CommandError: its exit status is not 0.
    """
    words = [str(word) for word in command]
    started = time.perf_counter()
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        raise CommandError(
            f"{' '.join(words)}: exit status {done.returncode}\n{done.stderr[-4000:]}"
        )
    return Finished(seconds, done.stdout)


def in_turns(
    sides: Mapping[str, Callable[[], float]],
    repeats: int,
    after_each: Callable[[], None] | None = None,
) -> dict[str, Series]:
    """Measure each side `repeats` times, in turns.

    The order is reversed every other round, so that what changes on the machine meanwhile touches
    all alike.

    Args:
        sides: what to do, by label; each returns the seconds it took.
        after_each: called after each round, its time not counted.
    """
    seconds: dict[str, list[float]] = {label: [] for label in sides}
    for number in range(repeats):
        order = list(sides) if number % 2 == 0 else list(sides)[::-1]
        for label in order:
            seconds[label].append(sides[label]())
            say(f"  {number + 1}/{repeats}  {seconds[label][-1]:8.2f} s  {label}")
        if after_each is not None:
            after_each()
    return {label: Series(label, tuple(taken)) for label, taken in seconds.items()}


def say(text: str) -> None:
    """Tell how far things are, on standard error."""
    print(text, file=sys.stderr, flush=True)
