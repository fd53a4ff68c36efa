"""`millpond clean`: delete the state of a target, if a run of ours made it."""

from __future__ import annotations

from pathlib import Path

import click

from millpond.cli.options import path_argument, state_option, target_option
from millpond.cli.reporting import reporting
from millpond.codes import ExitStatus


@click.command()
@path_argument
@target_option
@state_option
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def clean(path: Path, target: str | None, state: Path | None, yes: bool) -> int:
    """Delete the tables, checkpoints and event log of a target.

    Only a folder that `millpond run` made is deleted; source and input files stay.
    """
    with reporting("text") as report:
        from millpond.cli.project import find_state
        from millpond.cli.state import shown_path

        folder = state or find_state(path, target)
        report.state = None  # a crash report does not belong into what is being deleted
        if not folder.exists():
            click.echo(
                f"There is nothing to delete: {shown_path(folder)} does not exist.", err=True
            )
            return ExitStatus.DONE
        _delete(folder, shown_path(folder), ask=not yes)
        click.echo(f"Deleted {shown_path(folder)}.", err=True)
    return ExitStatus.DONE


def _delete(folder: Path, shown: str, *, ask: bool) -> None:
    """Delete a state folder that no update is using.

    Raises:
        MillpondError: STATE_NOT_OURS or STATE_IN_USE; nothing is deleted then.
    """
    import shutil

    from millpond import codes
    from millpond.cli.state import is_ours
    from millpond.engine.state import open_state
    from millpond.errors import MillpondError

    if not is_ours(folder):
        raise MillpondError(codes.STATE_NOT_OURS, state=shown)
    if ask:
        click.confirm(f"Delete all tables and checkpoints in {shown}?", abort=True, err=True)
    with open_state(folder, "", "", folder):  # locks it, so that no update is using it
        shutil.rmtree(folder)
