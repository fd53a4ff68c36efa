"""`millpond rehearse`: try out what cannot be seen in one run."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from millpond.cli.options import names, output_option, path_argument, pipeline_options
from millpond.cli.reporting import exit_status, print_errors, print_json, reporting
from millpond.codes import ExitStatus

if TYPE_CHECKING:
    from millpond.engine.rehearsal.outcome import RehearsalOutcome
    from millpond.engine.rehearsal.trials import Rehearsal


@click.group()
def rehearse() -> None:
    """Try out what cannot be seen in one run."""


@rehearse.command()
@path_argument
@pipeline_options
@click.option(
    "--table",
    "tables",
    metavar="A,B",
    multiple=True,
    callback=names,
    help="Targets of AUTO CDC to rehearse; all of them if not given.",
)
@click.option(
    "-k", "--shuffles", type=click.IntRange(1), default=3, show_default=True, help="Orders to try."
)
@click.option(
    "--batches",
    type=click.IntRange(2),
    default=4,
    show_default=True,
    help="Batches that each order is cut into.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the shuffles.")
@click.option(
    "--inputs",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="What paths, tables, secrets and Kafka servers are here; millpond.yml of the project if "
    "not given.",
)
@output_option("text", "json")
def cdc(
    path: Path,
    target: str | None,
    pipeline: str | None,
    variables: dict[str, str],
    settings: dict[str, str],
    catalog: str | None,
    schema: str | None,
    tables: tuple[str, ...],
    shuffles: int,
    batches: int,
    seed: int,
    inputs: Path | None,
    output: str,
) -> int:
    """Shuffle the events of AUTO CDC, and see whether the targets stay the same.

    The feeds are read as the pipeline reads them, in a folder of their own: the tables of
    earlier runs are not touched. Ends with 1 if a target depends on the order of arrival, and
    shows the first key that does, and why.
    """
    with reporting(output) as report:
        from millpond.cli.project import open_project
        from millpond.engine.rehearsal.trials import Rehearsal, RehearsalFailed
        from millpond.report.rehearsal import render_rehearsal
        from millpond.sources.choice import PipelineChoice

        choice = PipelineChoice(
            path, target, pipeline, variables, settings, catalog, schema, inputs
        )
        project = open_project(choice)
        report.project = project.spec.project
        with tempfile.TemporaryDirectory(prefix="millpond-rehearsal-") as folder:
            rehearsal = Rehearsal(
                project.spec, project.inputs, Path(folder), tables, shuffles, batches, seed
            )
            try:
                outcome = _rehearsed(rehearsal)
            except RehearsalFailed as failed:
                print_errors(failed.errors, report.project)
                return exit_status([error.code for error in failed.errors])
        if output == "json":
            print_json(outcome.to_json())
        else:
            click.echo(render_rehearsal(outcome))
    return ExitStatus.DONE if outcome.is_same else ExitStatus.PIPELINE_FAILED


def _rehearsed(rehearsal: Rehearsal) -> RehearsalOutcome:
    """Rehearse; what is being done, and what the user's source prints, goes to stderr."""
    from millpond.engine.rehearsal.trials import rehearse as try_orders

    with contextlib.redirect_stdout(sys.stderr):
        return try_orders(rehearsal, lambda what: click.echo(what, err=True))
