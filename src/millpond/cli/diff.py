"""`millpond diff`: what changed in a table between two updates, without Java."""

from __future__ import annotations

from pathlib import Path

import click

from millpond.cli.options import (
    names,
    output_option,
    path_argument,
    state_option,
    target_option,
)
from millpond.cli.reporting import print_json, reporting
from millpond.codes import ExitStatus


@click.command()
@click.argument("table")
@path_argument
@click.option(
    "--from",
    "start",
    metavar="V",
    help="Version, or start of the id of an update; what the update before left if not given.",
)
@click.option("--to", "end", metavar="V", help="Likewise; the latest if not given.")
@click.option(
    "--key",
    metavar="A,B",
    multiple=True,
    callback=names,
    help="Columns that tell a row from others, to pair rows by; those of AUTO CDC if not given.",
)
@click.option(
    "--rows",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="Rows of each kind to show.",
)
@target_option
@state_option
@output_option("text", "json")
def diff(
    table: str,
    path: Path,
    start: str | None,
    end: str | None,
    key: tuple[str, ...],
    rows: int,
    target: str | None,
    state: Path | None,
    output: str,
) -> int:
    """Show which rows of a table an update changed.

    Compares two versions of TABLE: rows added, removed and, where the table has a key, changed.
    A full refresh makes a table anew, without the versions from before. PATH is the project, as
    for `millpond run`; it does not matter if --state is given.
    """
    with reporting(output) as report:
        from millpond.cli.project import find_state
        from millpond.definitions import parse_name, qualify
        from millpond.engine.history.diff import diff_table
        from millpond.engine.state import read_state
        from millpond.report.table_diff import render_diff
        from millpond.report.text import terminal_width

        report.state = state or find_state(path, target)
        stored = read_state(report.state)
        name = qualify(parse_name(table, what="table"), stored.catalog, stored.schema)
        found = diff_table(stored, name, start, end, key, rows)
        if output == "json":
            print_json(found.to_json())
        else:
            click.echo(render_diff(found, terminal_width()))
    return ExitStatus.DONE
