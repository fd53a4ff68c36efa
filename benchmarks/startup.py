"""Start-up: how long the command line takes to say something, and an update to do nothing much."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from measurement import MILLPOND, Ratio, Result, in_turns, run
from updates import run_update

HELP = "millpond --help"
ONE = "millpond run, one trivial dataset"
BARE = "Spark alone, one row to Delta"

PIPELINE = "CREATE OR REFRESH MATERIALIZED VIEW one AS SELECT 1 AS id;\n"


def measure(folder: Path, repeats: int) -> Result:
    """Time both, each in a fresh process, and beside them what of it is Spark's own.

    Args:
        folder: an empty folder to work in.
    """
    pipeline = folder / "one.sql"
    pipeline.write_text(PIPELINE)
    program = Path(__file__).resolve().parent / "bare_session.py"
    table = folder / "bare"

    def spark_alone() -> float:
        shutil.rmtree(table, ignore_errors=True)
        return run([sys.executable, program, table, folder / "logs"], folder).seconds

    series = in_turns(
        {
            HELP: lambda: run([MILLPOND, "--help"], folder).seconds,
            ONE: lambda: run_update(pipeline, folder / "state").seconds,
            BARE: spark_alone,
        },
        repeats,
    )
    ratio = series[ONE].median / series[BARE].median
    return Result(
        "startup",
        "from the start of the process to its end",
        tuple(series.values()),
        (Ratio("millpond run / Spark alone, medians", ratio),),
    )
