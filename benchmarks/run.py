"""Run the benchmarks and print their figures and ratios: `make bench`.

Every time is the wall time of a fresh process; what is compared is measured in turns. Progress is
told on standard error, the figures on standard output. The exit status is 0 if all was measured,
whether or not an aim was met, and 1 if something failed or two sides had different results.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cdc
import expectations
import lint
import overhead
import report
import retail
import startup
from measurement import CommandError, Result, say

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Benchmark:
    """One benchmark: what measures it in a folder, and how often it is repeated by default."""

    measure: Callable[[Path, int], Result]
    repeats: int


def benchmarks(data: Path, rows: int) -> dict[str, Benchmark]:
    """All benchmarks by name.

    Args:
        data: the folder whose `landing` holds all 1.47 million transactions.
        rows: of the table on which the cost of expectations is measured.
    """
    slice_ = PROJECT / "fixtures" / "landing"
    return {
        "startup": Benchmark(startup.measure, 5),
        "lint": Benchmark(lint.measure, 5),
        "overhead": Benchmark(overhead.measure, 3),
        "expectations": Benchmark(lambda f, n: expectations.measure(f, n, rows), 5),
        "cdc": Benchmark(cdc.measure, 3),
        "cdc-batch": Benchmark(cdc.measure_small, 3),
        "retail": Benchmark(lambda f, n: retail.measure("retail", slice_, f, n), 5),
        "retail-full": Benchmark(
            lambda f, n: retail.measure("retail-full", (data / "landing").resolve(), f, n), 3
        ),
    }


def main(arguments: Sequence[str]) -> int:
    """Run what was chosen; the exit status."""
    options = _parser().parse_args(arguments)
    # Ends the command that is being measured, and removes what it wrote, as an interrupt does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    every = benchmarks(options.data, options.rows)
    chosen = options.only or [name for name in every if name != "retail-full"]
    if options.full and "retail-full" not in chosen:
        chosen.append("retail-full")
    results, failed = [], False
    for name in chosen:
        say(name)
        with tempfile.TemporaryDirectory(prefix="millpond-bench-") as folder:
            try:
                repeats = options.repeats or every[name].repeats
                results.append(every[name].measure(Path(folder), repeats))
            except CommandError as error:
                say(f"{name}: {error}")
                failed = True
    if options.output == "json":
        print(json.dumps(report.document(results), indent=2))
    else:
        print(report.table(results))
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks/run.py", description="Measure Millpond.")
    parser.add_argument(
        "--only",
        action="append",
        choices=list(benchmarks(Path(), 0)),
        help="run this one; may be repeated (all but retail-full if not given)",
    )
    parser.add_argument("--full", action="store_true", help="run retail-full as well")
    parser.add_argument("--repeats", type=_positive, metavar="N", help="measure each thing N times")
    parser.add_argument(
        "--rows", type=_positive, metavar="N", default=expectations.ROWS, help=argparse.SUPPRESS
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        default=PROJECT / ".data",
        help="where `make data` wrote the whole data (.data)",
    )
    parser.add_argument("--output", choices=("text", "json"), default="text")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
