"""Turn whatever ends a command into text, JSON and an exit status."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from millpond import __version__, codes
from millpond.codes import ExitStatus
from millpond.errors import Failures, MillpondError

if TYPE_CHECKING:
    from millpond.events.summary import ErrorSummary


_OF_THE_MACHINE = (
    errno.EACCES,
    errno.EDQUOT,
    errno.ENAMETOOLONG,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
)
"""What a file system says that no change of ours would help."""


_FULL = "No space left on device"


@dataclass(slots=True)
class Report:
    """What a command knows about its surroundings, for when it has to report an error.

    Attributes:
        output: the form the user asked for.
        project: the folder that files are shown relative to, once it is known.
        state: the state folder, once it is known.
        started: when the command started, of `time.monotonic`.
    """

    output: str
    project: Path | None = None
    state: Path | None = None
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long the command has run."""
        return round(time.monotonic() - self.started, 3)


@contextmanager
def reporting(output: str, *, update: bool = False) -> Iterator[Report]:
    """Run a command's body; an error in it is shown and ends the process with its status.

    Errors are text on stderr; with `output` `json` also a document on stdout: that of
    `millpond run` if `update`, else one with `schema_version` and `errors` alone.

    Raises:
        click.exceptions.Exit: with the exit status, after an error was shown.
    """
    report = Report(output)
    try:
        yield report
    except Failures as failures:
        errors = failures.errors
        print_warnings(summaries(failures.warnings), report.project or Path.cwd())
    except MillpondError as error:
        errors = (error,)
    except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
        raise
    except (Exception, SystemExit) as bug:  # noqa: BLE001 - a user never sees a traceback
        errors = (_error_of_the_machine(bug, report.state) or _internal_error(bug, report.state),)
    else:
        return
    from millpond.events.summary import UpdateSummary

    shown = summaries(errors)
    if output == "json":
        failed = UpdateSummary(None, "FAILED", report.seconds, errors=shown)
        document = failed.to_json(report.project)
        kept = document if update else {key: document[key] for key in ("schema_version", "errors")}
        print_json(kept)
    print_errors(shown, report.project or Path.cwd())
    raise click.exceptions.Exit(exit_status([error.code.name for error in errors]))


def exit_status(names: Sequence[str]) -> ExitStatus:
    """The exit status for errors of these codes: that of the gravest one.

    A bug outweighs a pipeline that failed, which outweighs a wrong input. A code that is not
    ours, or no code at all, is a pipeline that failed.
    """
    known = {code.name: code.exit for code in codes.all_codes()}
    found = [known.get(name, ExitStatus.PIPELINE_FAILED) for name in names]
    for status in (ExitStatus.INTERNAL, ExitStatus.PIPELINE_FAILED):
        if status in found:
            return status
    return ExitStatus.INPUT_WRONG if found else ExitStatus.PIPELINE_FAILED


def print_errors(errors: Sequence[ErrorSummary], project: Path | None) -> None:
    """Show errors on stderr, with an empty line between them."""
    _print_diagnostics(errors, project, "error")


def print_warnings(warnings: Sequence[ErrorSummary], project: Path | None) -> None:
    """Show on stderr what is odd and does not stop the command."""
    if warnings:
        _print_diagnostics(warnings, project, "warning")
        click.echo(err=True)


def summaries(errors: Sequence[MillpondError]) -> tuple[ErrorSummary, ...]:
    """Errors or warnings at hand, in the form they are shown in."""
    if not errors:
        return ()
    from millpond.events.summary import ErrorSummary

    return tuple(map(ErrorSummary.of, errors))


def print_text(text: str, *, err: bool = False) -> None:
    """Print lines made of the user's names and values: none of them commands the terminal."""
    from millpond.report.text import visible

    click.echo(visible(text), err=err)


def print_json(document: Mapping[str, Any] | Sequence[Any]) -> None:
    """Print a document on stdout."""
    import json

    click.echo(json.dumps(document, indent=2, default=str))


def _print_diagnostics(errors: Sequence[ErrorSummary], project: Path | None, label: str) -> None:
    from millpond.report.diagnostics import render_error
    from millpond.report.text import terminal_width

    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    width = terminal_width()
    shown = [
        render_error(error, relative_to=project, width=width, colour=colour, label=label)
        for error in errors
    ]
    click.echo("\n\n".join(shown), err=True, color=colour)


def _error_of_the_machine(error: BaseException, state: Path | None) -> MillpondError | None:
    """The error to show where a disk is full or a folder cannot be written; None for a bug."""
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        file, reason = error.filename, str(error.strerror)
    elif _FULL in str(error):  # as Java says it
        file, reason = None, _FULL
    else:
        return None
    return MillpondError(codes.FILE_NOT_USABLE, file=file or state or "the disk", reason=reason)


def _internal_error(bug: BaseException, state: Path | None) -> MillpondError:
    """The error to show for a bug of ours; its traceback goes into a file."""
    import platform
    import tempfile
    import traceback

    name = f"millpond-crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    content = (
        f"millpond {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"{sys.argv}\n\n{''.join(traceback.format_exception(bug))}"
    )
    file = Path(tempfile.gettempdir()) / name
    if state is not None and state.is_dir():
        file = state / name
    try:
        file.write_text(content, encoding="utf-8")
    except OSError:  # nowhere to put it: the reader sees it now
        click.echo(content, err=True)
    text = str(bug).strip().splitlines() or ["no message"]
    kind = type(bug).__name__
    return MillpondError(codes.INTERNAL_ERROR, kind=kind, error=text[0], report=file)
