"""All gates of `make test`, each one run whatever became of those before it, in one report."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

BIN = Path(sys.executable).parent
"""This environment's tools; one that is missing is a failure, and PATH is not asked."""

CHECKS = {
    "lint": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "types": ("mypy",),
    "layers": ("lint-imports",),
    "docstrings": ("interrogate", "--quiet", "src/millpond", "scripts"),
}

TESTS = {
    "tests without Spark": ("-m", "not spark", "--numprocesses=auto"),
    "tests with Spark": (
        *("-m", "spark", "--numprocesses=auto", "--maxprocesses=4", "--durations=15"),
        *("--dist=loadfile", "--no-loadscope-reorder"),
        *("tests/property", "tests/faults", "tests/distributed"),
        *("tests/pipeline", "tests/acceptance", "tests/unit"),
    ),
}
"""The tests without a JVM, then those with: up to four sessions, each with 1 GiB, side by side. A
file's tests share what its fixtures made, so they stay together; the longest files go first."""


def main() -> int:
    """Run everything, and end with one line that counts the tests."""
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, arguments) in enumerate(TESTS.items()):
            report = Path(folder) / f"{number}.xml"
            say(f"{name} ...")
            # An exit that is not 0 fails the gate, and so does a run that found no test.
            if run(("pytest", "--quiet", f"--junit-xml={report}", *arguments)) != 0:
                failed.append(name)
            counts += counted(report)
    if failed:
        say(f"FAILED: {', '.join(failed)}")
    say(f"test: {counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if failed else 0


def passes(name: str, command: tuple[str, ...]) -> bool:
    """Run a check; show what it says only if it fails."""
    started = time.monotonic()
    try:
        done = subprocess.run(
            [BIN / command[0], *command[1:]],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        say(f"{name}: {command[0]} is not installed in {BIN}")
        return False
    good = done.returncode == 0
    say(f"{name}: {'clean' if good else 'FAILED'} ({time.monotonic() - started:.1f} s)")
    if not good:
        say(done.stdout)
    return good


def run(command: tuple[str, ...]) -> int:
    """Run a tool of this environment with its output shown as it comes; 127 if it is missing."""
    try:
        return subprocess.run([BIN / command[0], *command[1:]], check=False).returncode
    except FileNotFoundError:
        say(f"{command[0]} is not installed in {BIN}")
        return 127


def counted(report: Path) -> Counter[str]:
    """How many tests passed, failed and were skipped, from pytest's report; none without one."""
    counts: Counter[str] = Counter()
    if not report.exists():
        return counts
    for suite in ET.parse(report).getroot().iter("testsuite"):
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        counts["failed"] += bad
        counts["skipped"] += skipped
        counts["passed"] += int(suite.get("tests", 0)) - bad - skipped
    return counts


def say(text: str) -> None:
    """Print at once, so that our lines and the tools' lines keep their order."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
