"""`millpond run`: run an update, show its progress, tell what it did."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from millpond.cli.options import (
    names,
    output_option,
    path_argument,
    pipeline_options,
    state_option,
)
from millpond.cli.reporting import (
    Report,
    exit_status,
    print_errors,
    print_json,
    print_warnings,
    reporting,
    summaries,
)
from millpond.codes import ExitStatus

if TYPE_CHECKING:
    from millpond.definitions import PipelineSpec
    from millpond.engine.spark.session import SessionChoice
    from millpond.events.summary import UpdateSummary


@click.command()
@path_argument
@pipeline_options
@click.option(
    "--refresh",
    metavar="A,B",
    multiple=True,
    callback=names,
    help="Update these datasets only.",
)
@click.option(
    "--full-refresh",
    metavar="A,B",
    multiple=True,
    callback=names,
    help="Empty these datasets and fill them from everything their sources still hold.",
)
@click.option(
    "--refresh-failed",
    is_flag=True,
    help="Update the datasets that failed in the last update, and those that read them, only.",
)
@click.option("--full-refresh-all", is_flag=True, help="Do so with every dataset.")
@click.option(
    "--reset-checkpoint",
    metavar="FLOW",
    multiple=True,
    callback=names,
    help="Let these streaming flows read their sources from the start; tables keep their rows.",
)
@click.option(
    "--continuous/--triggered",
    default=None,
    help="Go on with what arrives until Ctrl-C, or stop when all there is is processed; as the "
    "pipeline's `continuous` says if not given.",
)
@click.option(
    "--master", metavar="URL", help="Run on this Spark cluster, such as spark://host:7077."
)
@click.option(
    "--remote", metavar="URL", help="Run on this Spark Connect server, such as sc://host."
)
@click.option("--dry-run", is_flag=True, help="Check the definitions; write nothing.")
@click.option(
    "--inputs",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="What paths, tables, secrets and Kafka servers are here; millpond.yml of the project if "
    "not given.",
)
@state_option
@output_option("text", "json")
def run(
    path: Path,
    target: str | None,
    pipeline: str | None,
    variables: dict[str, str],
    settings: dict[str, str],
    catalog: str | None,
    schema: str | None,
    refresh: tuple[str, ...],
    full_refresh: tuple[str, ...],
    refresh_failed: bool,
    full_refresh_all: bool,
    reset_checkpoint: tuple[str, ...],
    continuous: bool | None,
    master: str | None,
    remote: str | None,
    dry_run: bool,
    inputs: Path | None,
    state: Path | None,
    output: str,
) -> int:
    """Run a pipeline and show what it did.

    PATH is a bundle (a folder with databricks.yml), or a file or folder of pipeline source
    without one.
    """
    if full_refresh_all and (refresh or full_refresh or refresh_failed):
        raise click.UsageError("--full-refresh-all leaves nothing to select; drop one of the two.")
    if master and remote:
        raise click.UsageError("--master and --remote each name the Spark to run on; drop one.")
    with reporting(output, update=True) as report:
        from millpond.cli.project import open_project
        from millpond.cli.state import prepare_state
        from millpond.sources.choice import PipelineChoice

        choice = PipelineChoice(
            path, target, pipeline, variables, settings, catalog, schema, inputs
        )
        project = open_project(choice, state)
        report.project, report.state = project.spec.project, project.state
        print_warnings(summaries(project.warnings), report.project)
        prepare_state(project.state)
        summary = _run_shown(
            spec=project.spec,
            state=project.state,
            inputs=project.inputs,
            refresh=refresh,
            full_refresh=full_refresh,
            refresh_failed=refresh_failed,
            full_refresh_all=full_refresh_all,
            dry_run=dry_run,
            retries=True,
            session=_session(master, remote, project.spec),
            continuous=_is_continuous(continuous, project.spec.settings),
            reset_checkpoint=reset_checkpoint,
        )
        _show(summary, report, project.sql_arguments)
    return _status(summary)


def _status(summary: UpdateSummary) -> int:
    if summary.state == "COMPLETED":
        return ExitStatus.DONE
    if summary.state == "CANCELED":
        return ExitStatus.INTERRUPTED
    return exit_status([error.code for error in summary.errors])


def _session(master: str | None, remote: str | None, spec: PipelineSpec) -> SessionChoice:
    from millpond.engine.spark.session import SessionChoice

    return SessionChoice(master, remote, spec.configuration)


def _is_continuous(asked: bool | None, settings: Mapping[str, object]) -> bool:
    return bool(settings.get("continuous")) if asked is None else asked


def _run_shown(**request: Any) -> UpdateSummary:
    """Run the update; what the user's source prints goes where the progress goes, to stderr."""
    from millpond.engine.update import UpdateRequest, run_update
    from millpond.report.progress import progress

    with contextlib.redirect_stdout(sys.stderr), progress(sys.stderr) as listener:
        return run_update(UpdateRequest(**request), listener)


def _show(summary: UpdateSummary, report: Report, sql_arguments: tuple[str, ...]) -> None:
    from millpond.cli.state import shown_path
    from millpond.report.summary import Place, render_summary
    from millpond.report.text import terminal_width

    if report.output == "json":
        print_json(summary.to_json(report.project))
    elif report.state is not None:
        place = Place(shown_path(report.state), sql_arguments, report.project)
        click.echo(render_summary(summary, place, terminal_width()))
    if report.output == "text" and (summary.warnings or summary.errors):
        sys.stdout.flush()
        click.echo(err=True)
    if summary.warnings:
        print_warnings(summary.warnings, report.project)
    if summary.errors:
        print_errors(summary.errors, report.project)
