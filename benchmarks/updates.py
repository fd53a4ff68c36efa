"""Run `millpond run` in a fresh process with a fresh state, and read what it says."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measurement import MILLPOND, CommandError, run


@dataclass(frozen=True)
class Update:
    """An update that completed.

    Attributes:
        seconds: wall time of the process.
        summary: the JSON document of `millpond run --output json`.
    """

    seconds: float
    summary: dict[str, Any]

    def dataset(self, name: str) -> dict[str, Any]:
        """What the summary says of the dataset whose name ends so."""
        return next(d for d in self.summary["datasets"] if d["name"].endswith(name))


def run_update(source: Path, state: Path, *arguments: str, begin: Path | None = None) -> Update:
    """Run the pipeline of a bundle or source folder for the first time.

    Args:
        state: the state folder; emptied before the clock starts.
        begin: the state to begin with, without its event log.

    Raises:
        CommandError: the update did not complete.
    """
    shutil.rmtree(state, ignore_errors=True)
    if begin is not None:
        shutil.copytree(begin, state, ignore=shutil.ignore_patterns("events"))
    options = ("--state", state, "--output", "json", *arguments)
    done = run([MILLPOND, "run", source, *options], state.parent)
    summary = json.loads(done.output)
    if summary["state"] != "COMPLETED" or summary["errors"]:
        raise CommandError(f"the update of {source} ended as {summary['state']}")
    return Update(done.seconds, summary)
