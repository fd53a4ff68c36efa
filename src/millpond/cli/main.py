"""The entry point: dispatch to a subcommand, and end quietly where that is due."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import click

from millpond import __version__
from millpond.cli.clean import clean
from millpond.cli.deploy_check import deploy_check
from millpond.cli.diff import diff
from millpond.cli.doctor import doctor
from millpond.cli.explain import explain
from millpond.cli.graph import graph
from millpond.cli.init import init
from millpond.cli.inputs import inputs
from millpond.cli.lint import lint
from millpond.cli.rehearse import rehearse
from millpond.cli.report import report
from millpond.cli.rule import rule
from millpond.cli.run import run
from millpond.cli.serve import serve
from millpond.cli.sql import sql
from millpond.cli.validate import validate
from millpond.codes import ExitStatus

INTERRUPTED = ExitStatus.INTERRUPTED
"""What the process returns after Ctrl-C, and when nobody reads its output any more."""

_EPILOG = (
    "Exit status: 0 done, 1 the pipeline failed, 2 what was given is wrong, 3 a bug of Millpond,"
    " 130 stopped by Ctrl-C or SIGTERM."
)


class _Commands(click.Group):
    """Subcommands, listed in the order in which a newcomer needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in that order."""
        return list(self.commands)


@click.group(
    cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="millpond", message="%(prog)s %(version)s")
def millpond() -> None:
    """Run Lakeflow (Databricks declarative) pipelines on this machine, unmodified."""


_COMMANDS = (
    run,
    report,
    serve,
    sql,
    explain,
    diff,
    graph,
    lint,
    rule,
    validate,
    deploy_check,
    rehearse,
    inputs,
    doctor,
    clean,
    init,
)
for _command in _COMMANDS:
    millpond.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Args:
        arguments: what follows `millpond`; those of the process if None.
    """
    _print_what_the_terminal_cannot()
    try:
        status = millpond.main(args=arguments, prog_name="millpond", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except SystemExit:  # click's own end when nobody reads the output, which it has silenced
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return INTERRUPTED
    return int(status or 0)


def _print_what_the_terminal_cannot() -> None:
    """Characters that the terminal's encoding lacks become `?` instead of a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _discard_output() -> None:
    """Keep Python from complaining, when it ends, that it cannot flush a closed pipe."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
