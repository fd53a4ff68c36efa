"""The state folder of a command: where it is, whether it is ours, how it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from millpond import codes
from millpond.errors import MillpondError

STATE_HOME = ".millpond"
"""In the project's folder; one folder a target below it."""


def default_state(project: Path, target: str) -> Path:
    """Where the state of a project's target lives unless the user says otherwise."""
    return project / STATE_HOME / target


def is_ours(state: Path) -> bool:
    """Whether an update made this folder."""
    from millpond.engine.state import STATE_FILE

    return (state / STATE_FILE).is_file()


def prepare_state(state: Path) -> None:
    """See that a run may use the folder; one of the default place is kept out of git.

    Raises:
        MillpondError: STATE_NOT_OURS if it holds something else: `millpond clean` would
            delete that later.
    """
    if state.is_dir() and not is_ours(state) and any(_strangers(state)):
        raise MillpondError(codes.STATE_NOT_OURS, state=shown_path(state))
    if state.parent.name == STATE_HOME:
        keep_out_of_git(state.parent)


def keep_out_of_git(home: Path) -> None:
    """Make the default place of states, if need be, and let Git (and deployments) ignore it."""
    if not (home / ".gitignore").exists():
        home.mkdir(parents=True, exist_ok=True)
        (home / ".gitignore").write_text("*\n", encoding="utf-8")


def _strangers(state: Path) -> Iterator[Path]:
    """Files that are not of an update that stopped before it wrote anything."""
    return (file for file in state.iterdir() if file.name != ".lock")


def shown_path(path: Path) -> str:
    """The path as the user would type it here: relative if it lies below this folder."""
    here = Path.cwd()
    full = path.absolute()
    return str(full.relative_to(here)) if full.is_relative_to(here) else str(full)
