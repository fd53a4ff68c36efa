"""`millpond report`: an update as one HTML file, from the event log, without Java."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from millpond.cli.options import path_argument, state_option, target_option
from millpond.cli.reporting import reporting
from millpond.codes import ExitStatus

if TYPE_CHECKING:
    from millpond.events.reader import LogReader

_FILE = "millpond-report.html"


@click.command()
@path_argument
@target_option
@state_option
@click.option("--update", metavar="ID", help="Start of an update's id; the latest if not given.")
@click.option(
    "--compare",
    metavar="ID",
    help="Start of the id of the update to compare with; the one before if not given.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default=_FILE,
    show_default=True,
    help="File to write; - is standard output.",
)
def report(
    path: Path,
    target: str | None,
    state: Path | None,
    update: str | None,
    compare: str | None,
    output: Path,
) -> int:
    """Write an update as one HTML file.

    The file shows the graph, rows, expectations, times, errors and events of the update. It
    needs no network and no other file. PATH is the project, as for `millpond run`; it does not
    matter if --state is given.
    """
    with reporting("text") as shown:
        from millpond.cli.project import find_state
        from millpond.cli.state import shown_path
        from millpond.report.html.gather import gather
        from millpond.report.html.render import render

        shown.state = state or find_state(path, target)
        log, shown.project = open_log(shown.state)
        text = render(gather(log, update, compare, shown.project))
        with click.open_file(str(output), "w", encoding="utf-8", lazy=False) as file:
            file.write(text)
        if str(output) != "-":
            click.echo(shown_path(output))
    return ExitStatus.DONE


def open_log(state: Path) -> tuple[LogReader, Path]:
    """The event log in a state folder as it is now, and the folder of the project.

    Raises:
        MillpondError: NO_STATE if no pipeline has run there.
    """
    from millpond.engine.state import read_state
    from millpond.events.reader import LogReader

    stored = read_state(state)
    return LogReader(stored.events, stored.journal), Path(stored.project)
