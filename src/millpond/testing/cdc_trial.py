"""Try random histories on the engine and compare its targets with the model, update by update.

All histories of one kind share a table, each with keys of its own, so that one batch carries
hundreds of them. Every update is a restart, and between updates the last batch is replayed by
taking away the checkpoint's note that it was committed.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond.definitions import QualifiedName
from millpond.engine.cdc.faults import CRASH_POINTS
from millpond.testing.cdc_crash import Crashes, InjectedCrash, run_until_killed
from millpond.testing.cdc_events import Event, random_arrival, random_history
from millpond.testing.cdc_kinds import Kind
from millpond.testing.cdc_leaves import without_hollow
from millpond.testing.cdc_model import target_rows
from millpond.testing.cdc_update import run_trial_update

if TYPE_CHECKING:
    from millpond.engine.state import State

_HEADER = """\
from pyspark import pipelines as dp
from pyspark.sql.functions import struct
"""
_FIRST_FILE = 1_700_000_000
"""When the first file of a feed was written, in seconds; files are read in this order."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which histories are tried, and how they arrive.

    Attributes:
        histories: their numbers; with the seed and the kind a number is a history.
        crashes: how often each update is tried with batches that raise.
        kills: whether each update is also tried in a process that is killed.
    """

    seed: int
    kinds: tuple[Kind, ...]
    histories: Sequence[int]
    updates: int = 2
    batches: int = 3
    crashes: int = 0
    kills: bool = False


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A history of which the target shows something else than the model.

    Attributes:
        batches: its events as they had arrived by then, batch by batch.
        expected, found: rows that are only in the model, and only in the target.
    """

    seed: int
    kind: str
    history: int
    update: int
    batches: Sequence[Sequence[Event]]
    expected: Sequence[Mapping[str, Any]]
    found: Sequence[Mapping[str, Any]]

    @property
    def replay(self) -> str:
        """The command that tries this history alone."""
        return (
            "python -m millpond.testing.cdc_histories"
            f" --seed {self.seed} --kind {self.kind} --history {self.history}"
        )

    def __str__(self) -> str:
        lines = [f"{self.kind}, history {self.history}, after update {self.update}:"]
        lines += [
            f"  batch {n}: {event}" for n, batch in enumerate(self.batches) for event in batch
        ]
        lines += [f"  not in the target: {row}" for row in self.expected]
        lines += [f"  only in the target: {row}" for row in self.found]
        return "\n".join([*lines, f"  replay: {self.replay}"])


class Trial:
    """One plan at work in a folder of its own."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._folder = folder
        self.replays = self.kills = self._tries = 0
        self.killed: set[str] = set()
        self._crashes = Crashes(plan.seed)
        self._rng = random.Random(f"{plan.seed}:kills")
        slots = plan.updates * plan.batches
        self._arrivals = {
            kind.name: {n: _arrival(plan.seed, kind, n, slots) for n in plan.histories}
            for kind in plan.kinds
        }

    @property
    def crashes(self) -> int:
        """How many batches were made to raise so far."""
        return self._crashes.count

    def run(self) -> list[Mismatch]:
        """Run every update, and say where the targets were wrong.

        Raises:
            TrialFailed: an update did not end as it should, though nothing crashed.
        """
        source = self._write_source()
        found: list[Mismatch] = []
        for update in range(1, self._plan.updates + 2):
            # The last update brings nothing new but a replay.
            self._feed(update)
            self._update(source)
            found += self._mismatches(update)
            if update <= self._plan.updates:
                self._forget_last_commits(update)
        return found

    def _write_source(self) -> Path:
        file = self._folder / "source" / "pipeline.py"
        file.parent.mkdir(parents=True)
        feeds = [(kind, self._feed_folder(kind)) for kind in self._plan.kinds]
        for _, folder in feeds:
            folder.mkdir(parents=True)
        text = _HEADER + "".join(kind.source(folder) for kind, folder in feeds)
        file.write_text(text, encoding="utf-8")
        return file

    def _feed_folder(self, kind: Kind) -> Path:
        return self._folder / "feeds" / kind.name

    def _feed(self, update: int) -> None:
        """Let the batches of one update arrive, each as a file."""
        per_update = self._plan.batches
        for slot in range((update - 1) * per_update, update * per_update):
            for kind in self._plan.kinds:
                events = [
                    event
                    for arrival in self._arrivals[kind.name].values()
                    for event in (arrival[slot] if slot < len(arrival) else ())
                ]
                if events:
                    file = self._feed_folder(kind) / f"{slot:03}.json"
                    file.write_text("\n".join(map(json.dumps, events)), encoding="utf-8")
                    os.utime(file, (_FIRST_FILE + slot, _FIRST_FILE + slot))

    def _update(self, source: Path) -> None:
        """Run an update, again and again while batches of it are made to crash."""
        for _ in range(self._plan.crashes):
            with self._crashes.armed(), contextlib.suppress(InjectedCrash):
                run_trial_update(self._folder, source)
        if self._plan.kills:
            point = CRASH_POINTS[self._tries % len(CRASH_POINTS)]
            self._tries += 1
            batch = self._rng.randint(1, len(self._plan.kinds) * self._plan.batches)
            if run_until_killed(self._folder, source, point, batch):
                self.kills += 1
                self.killed.add(point)
        run_trial_update(self._folder, source)

    def _mismatches(self, update: int) -> Iterable[Mismatch]:
        arrived = update * self._plan.batches
        for kind in self._plan.kinds:
            rows = self._target(kind)
            arrivals = {n: batches[:arrived] for n, batches in self._arrivals[kind.name].items()}
            expected = _model(kind, arrivals)
            for number, batches in arrivals.items():
                model, target = expected.get(number, {}), rows.get(number, {})
                if model != target:
                    yield Mismatch(
                        self._plan.seed,
                        kind.name,
                        number,
                        update,
                        batches,
                        [row for text, row in model.items() if text not in target],
                        [row for text, row in target.items() if text not in model],
                    )

    def _target(self, kind: Kind) -> dict[int, dict[str, Mapping[str, Any]]]:
        """The rows of a target by history, as its users see them."""
        from millpond.engine.query import run_sql

        columns, rows = run_sql(self._folder / "state", f"SELECT * FROM {kind.name}")
        return _by_history(
            {name: _plain(value) for name, value in zip(columns, row, strict=True)} for row in rows
        )

    def _forget_last_commits(self, update: int) -> None:
        """Let the last batch of some of the flows run again, as after a crash."""
        from millpond.engine.state import read_state

        state = read_state(self._folder / "state")
        rng = random.Random(f"{self._plan.seed}:replay:{update}")
        for kind in self._plan.kinds:
            if rng.random() < 0.7:
                self.replays += _forget_last_commit(state, _name(kind), kind.name)


def _forget_last_commit(state: State, table: QualifiedName, flow: str) -> bool:
    """Take the note away that the last batch was committed; whether there was one."""
    folder = state.checkpoint_path(table, flow) / "commits"
    numbers = [int(file.name) for file in folder.iterdir() if file.name.isdecimal()]
    if not numbers:
        return False
    (folder / str(max(numbers))).unlink()
    # Spark's checksum of the file would outlive it.
    (folder / f".{max(numbers)}.crc").unlink(missing_ok=True)
    return True


def _arrival(seed: int, kind: Kind, number: int, slots: int) -> list[list[Event]]:
    rng = random.Random(f"{seed}:{kind.name}:{number}")
    events = random_history(rng, number, kind.variety)
    return random_arrival(rng, events, slots)


def _model(
    kind: Kind, arrivals: Mapping[int, Sequence[Sequence[Event]]]
) -> dict[int, dict[str, Mapping[str, Any]]]:
    """The model's rows by history."""
    events = {n: [event for batch in batches for event in batch] for n, batches in arrivals.items()}
    if kind.is_shared:
        together = [event for each in events.values() for event in each]
        return _by_history(target_rows(together, kind.rules))
    return _by_history(row for each in events.values() for row in target_rows(each, kind.rules))


def _by_history(rows: Iterable[dict[str, Any]]) -> dict[int, dict[str, Mapping[str, Any]]]:
    found: dict[int, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        shown = {name: without_hollow(value) for name, value in row.items()}
        mine = found.setdefault(row["h"], {})
        mine[_written(shown, mine)] = shown
    return found


def _written(row: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """A row as text; a row that is there twice differs from itself, and so is told."""
    text = json.dumps(row, sort_keys=True)
    while text in known:
        text += " again"
    return text


def _plain(value: Any) -> Any:
    """A value as the model has it: a struct as a mapping."""
    return value.asDict(True) if hasattr(value, "asDict") else value


def _name(kind: Kind) -> QualifiedName:
    return QualifiedName("main", "default", kind.name)
