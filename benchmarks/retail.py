"""The retail pipeline: `millpond run` against the same flows written by hand."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measurement import CommandError, Ratio, Result, in_turns, run, say
from updates import run_update

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
VOLUME = "/Volumes/retail_dev/bronze/landing"
AIM = 1.10

BY_HAND, MILLPOND = "by hand", "millpond run"


def measure(name: str, landing: Path, folder: Path, repeats: int) -> Result:
    """Time both sides on the same files; after each round their results are compared.

    Args:
        landing: the landing folder.
        folder: an empty folder to work in.

    Raises:
        CommandError: a side failed, or the two have other results.
    """
    rows = _warm(landing)
    sides = _Sides(landing, folder)
    both: dict[str, Callable[[], float]] = {BY_HAND: sides.by_hand, MILLPOND: sides.millpond}
    series = in_turns(both, repeats, sides.compare)
    ratio = series[MILLPOND].median / series[BY_HAND].median
    return Result(
        name,
        f"{sides.tables} tables from {rows:,} transactions, the results of both sides equal",
        tuple(series.values()),
        (Ratio("millpond run / by hand, medians", ratio, AIM),),
    )


def _warm(landing: Path) -> int:
    """Read all files, so that the first run finds them in memory too; counts the transactions."""
    content = {file: file.read_bytes() for file in landing.rglob("*") if file.is_file()}
    if not content:
        raise CommandError(f"{landing} holds no files; `make data` writes them")
    of_transactions = [text for file, text in content.items() if "transactions" in file.parts]
    return sum(text.count(b"\n") for text in of_transactions)


class _Sides:
    """The two sides: how each is run, and how the last results of both are compared."""

    def __init__(self, landing: Path, folder: Path) -> None:
        self.landing = landing
        self.folder = folder
        self.tables = 0
        self._inputs = folder / "inputs.yml"
        self._inputs.write_text(f"paths:\n  {VOLUME}: {json.dumps(str(landing))}\n")
        self._counts: dict[str, dict[str, Any]] = {}

    def by_hand(self) -> float:
        """Run the hand-written flows; the seconds it took."""
        output = self.folder / "by_hand"
        shutil.rmtree(output, ignore_errors=True)
        program = HERE / "handwritten_retail.py"
        done = run([sys.executable, program, self.landing, output], self.folder)
        self._counts[BY_HAND] = json.loads(done.output)
        return done.seconds

    def millpond(self) -> float:
        """Run the bundle; the seconds it took."""
        arguments = ("--target", "dev", "--inputs", str(self._inputs))
        update = run_update(PROJECT, self.folder / "millpond", *arguments)
        self._counts[MILLPOND] = {
            dataset["name"].partition(".")[2]: {
                "rows_written": dataset["rows_written"],
                "expectations": {
                    rule["name"]: [rule["passed"], rule["failed"]]
                    for rule in dataset["expectations"]
                },
            }
            for dataset in update.summary["datasets"]
            if dataset["kind"] != "VIEW"
        }
        return update.seconds

    def compare(self) -> None:
        """Compare all that was counted, and all tables; then remove them."""
        say("        comparing the results")
        mine, theirs = self._counts[MILLPOND], self._counts[BY_HAND]
        self.tables = len(mine)
        problems = [
            f"{table}: {mine.get(table)} against {theirs.get(table)}"
            for table in sorted(mine.keys() | theirs.keys())
            if mine.get(table) != theirs.get(table)
        ]
        mine_at = self.folder / "millpond" / "tables" / "retail_dev"
        theirs_at = self.folder / "by_hand" / "tables"
        program = HERE / "compare_tables.py"
        command = [sys.executable, program, mine_at, theirs_at, self.folder / "logs"]
        problems += json.loads(run(command, self.folder).output)
        if problems:
            raise CommandError("the two sides differ:\n" + "\n".join(problems))
        for side in ("millpond", "by_hand"):
            shutil.rmtree(self.folder / side)
