"""`millpond serve`: the page of the latest update in a browser, live while it runs."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import click

from millpond.cli.options import path_argument, state_option, target_option
from millpond.cli.report import open_log
from millpond.cli.reporting import reporting
from millpond.codes import ExitStatus
from millpond.delta_log import commits

_PORT = 7373


@click.command()
@path_argument
@target_option
@state_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=_PORT,
    show_default=True,
    help="Port of this machine to listen on; 0 takes one that is free.",
)
def serve(path: Path, target: str | None, state: Path | None, port: int) -> int:
    """Show the latest update in a browser, live while it runs.

    Only this machine can see the page. Ctrl-C ends the server. PATH is the project, as for
    `millpond run`; it does not matter if --state is given.
    """
    with reporting("text") as shown:
        from millpond.cli.project import find_state
        from millpond.codes import PORT_IN_USE
        from millpond.errors import MillpondError
        from millpond.report.html.server import PageServer

        pages = _Pages((state or find_state(path, target)).absolute())
        try:
            server = PageServer(port, pages.render, pages.stamp)
        except OSError as error:
            raise MillpondError(PORT_IN_USE, port=port, reason=error.strerror) from error
        shown.state = pages.state
        with server:
            click.echo(server.url)
            click.echo("Ctrl-C ends the server.", err=True)
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                click.echo(err=True)
    return ExitStatus.DONE


class _Pages:
    """The documents of the updates in a state folder; it may be filled later."""

    def __init__(self, state: Path) -> None:
        self.state = state

    def render(self, update: str | None, stamp: str) -> str:
        """The document of one update."""
        from millpond.report.html.gather import gather
        from millpond.report.html.render import render

        log, project = open_log(self.state)
        page = gather(log, update, None, project, datetime.now(timezone.utc))
        return render(page, live=True, stamp=stamp)

    def stamp(self) -> str:
        """What the log and the journal are now: the last commit, the last line."""
        last = max((file.name for file in commits(self.state / "events")), default="none")
        try:
            found = (self.state / "running.jsonl").stat()
        except OSError:
            return last
        return f"{last}-{found.st_size}-{found.st_mtime_ns}"
