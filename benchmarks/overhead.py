"""The cost of a dataset: updates of 1, 10 and 50 trivial ones, each from a cold start."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from measurement import CommandError, Ratio, Result, Series, in_turns, run, say
from updates import run_update

NUMBERS = (1, 10, 50)
ROWS = 10
AIM_FOR_MOST = 20.0

PIPELINE = '''"""Trivial datasets, all alike."""

import dlt


def define(number):
    @dlt.table(name=f"trivial_{{number}}")
    def rows():
        return {query}


for number in range({count}):
    define(number)
'''

KINDS = {
    "streaming tables": 'spark.readStream.format("delta").load({source!r})',
    "materialized views": 'spark.read.format("delta").load({source!r})',
}


def measure(folder: Path, repeats: int) -> Result:
    """Time updates of every number of datasets of each kind; all read one table of a few rows.

    Args:
        folder: an empty folder to work in.

    Raises:
        CommandError: an update failed, or a dataset does not have every row.
    """
    say(f"  writing {ROWS} rows")
    source = folder / "source"
    program = Path(__file__).resolve().parent / "make_rows.py"
    run([sys.executable, program, source, str(ROWS), folder / "logs"], folder)
    sides: dict[str, Callable[[], float]] = {}
    for kind, query in KINDS.items():
        for count in NUMBERS:
            pipeline = folder / f"{kind.replace(' ', '_')}_{count}.py"
            text = PIPELINE.format(query=query.format(source=str(source)), count=count)
            pipeline.write_text(text)
            sides[_label(kind, count)] = partial(_update, pipeline, folder / "state", count)
    series = in_turns(sides, repeats)
    ratios = [ratio for kind in KINDS for ratio in _costs(kind, series)]
    about = f"each dataset reads one Delta table of {ROWS} rows; wall time from a cold start"
    return Result("overhead", about, tuple(series.values()), tuple(ratios))


def _label(kind: str, count: int) -> str:
    return f"{count} {kind if count > 1 else kind[:-1]}"


def _update(pipeline: Path, state: Path, count: int) -> float:
    done = run_update(pipeline, state)
    written = [dataset["rows_written"] for dataset in done.summary["datasets"]]
    if written != [ROWS] * count:
        raise CommandError(f"{pipeline.name}: rows written are {written}")
    return done.seconds


def _costs(kind: str, series: dict[str, Series]) -> list[Ratio]:
    """What each dataset after the first adds, and the largest pipeline against its limit."""
    first, most = NUMBERS[0], NUMBERS[-1]
    medians = {count: series[_label(kind, count)].median for count in NUMBERS}
    costs = [
        Ratio(
            f"each of {count} {kind} after the first",
            (medians[count] - medians[first]) / (count - first),
            unit="s",
        )
        for count in NUMBERS[1:]
    ]
    return [*costs, Ratio(f"{most} {kind}, median", medians[most], AIM_FOR_MOST, "s")]
