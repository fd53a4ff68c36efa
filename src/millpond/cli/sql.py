"""`millpond sql`: query the tables of earlier runs by the names the pipeline gives them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from millpond.cli.options import (
    output_option,
    pairs,
    path_argument,
    state_option,
    target_option,
)
from millpond.cli.reporting import print_json, reporting
from millpond.codes import ExitStatus

_WIDEST = 60
"""Cells that a value may take in a table; CSV and JSON have all of it."""

_Rows = Iterable[Sequence[Any]]


@click.command()
@click.argument("query", required=False)
@path_argument
@click.option(
    "-f",
    "--file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the query from a file; no QUERY is given then.",
)
@click.option(
    "--set",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    callback=pairs,
    help="Value of the query's parameter :NAME; may be repeated.",
)
@target_option
@state_option
@output_option("table", "csv", "json")
def sql(
    query: str | None,
    path: Path,
    file: Path | None,
    parameters: dict[str, str],
    target: str | None,
    state: Path | None,
    output: str,
) -> int:
    """Query the tables of earlier runs.

    Names are the pipeline's own, of one, two or three parts; event_log(TABLE(name)) and system
    tables are there too. PATH is the project, as for `millpond run`; it does not matter if
    --state is given.
    """
    if file is not None:
        path, query = Path(query) if query else path, file.read_text(encoding="utf-8")
    if query is None:
        raise click.UsageError("Give a QUERY, or --file.")
    with reporting(output) as report:
        from millpond.cli.project import find_state

        report.state = state or find_state(path, target)
        columns, rows = _query(report.state, query, parameters, file)
        _PRINTERS[output](_distinct(columns), rows)
    return ExitStatus.DONE


def _query(
    state: Path, query: str, parameters: Mapping[str, str], file: Path | None
) -> tuple[Sequence[str], _Rows]:
    from millpond.engine.query import run_sql

    return run_sql(state, query, parameters, file)


def _print_table(columns: Sequence[str], rows: _Rows) -> None:
    from millpond.report.text import count, table, visible

    rows = list(rows)
    if len(rows) == len(columns) == 1 and "\n" in str(rows[0][0]):
        click.echo(visible(str(rows[0][0])))  # a statement or a plan
        return
    shown = [[_clipped(_text(value, null="NULL")) for value in row] for row in rows]
    numeric = [_looks_numeric(column) for column in zip(*shown, strict=True)] or [False] * len(
        columns
    )
    align = "".join(">" if each else "<" for each in numeric)
    header, *lines = table([[_clipped(column) for column in columns], *shown], align)
    click.echo("\n".join([header, "-" * max(map(len, [header, *lines])), *lines]))
    click.echo(count(len(shown), "row"), err=True)


def _print_csv(columns: Sequence[str], rows: _Rows) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    shown = _harmless if sys.stdout.isatty() else str
    for row in rows:
        writer.writerow([shown(_text(value, null="")) for value in row])


def _print_json(columns: Sequence[str], rows: _Rows) -> None:
    print_json([dict(zip(columns, row, strict=True)) for row in rows])


_PRINTERS: Mapping[str, Callable[[Sequence[str], _Rows], None]] = {
    "table": _print_table,
    "csv": _print_csv,
    "json": _print_json,
}


def _distinct(columns: Sequence[str]) -> list[str]:
    """Column names, a repeated one with a number: a JSON object holds each name once."""
    names: list[str] = []
    for column in columns:
        name, number = column, 1
        while name in names:
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names


def _text(value: object, *, null: str) -> str:
    import json

    if value is None:
        return null
    if isinstance(value, bool | list | tuple | Mapping):
        return json.dumps(value, default=str)
    return str(value)


def _harmless(text: str) -> str:
    from millpond.report.text import visible

    return visible(text)


def _clipped(text: str) -> str:
    from millpond.report.text import visible

    line = visible(" ".join(text.split("\n")))
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 3]}..."


def _looks_numeric(column: Iterable[str]) -> bool:
    values = [value for value in column if value != "NULL"]
    return bool(values) and all(value.lstrip("-").replace(".", "", 1).isdigit() for value in values)
