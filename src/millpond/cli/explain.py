"""`millpond explain`: where rows of a table came from, and what was said of them on the way."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from millpond.cli.options import output_option, pairs, pipeline_options, state_option
from millpond.cli.reporting import print_json, reporting
from millpond.codes import ExitStatus

if TYPE_CHECKING:
    from millpond.engine.explanation.explain import ExplainRequest
    from millpond.engine.explanation.outcome import Explanation


@click.command()
@click.argument("table")
@click.argument("words", metavar="KEY=VALUE... [PATH]", nargs=-1, required=True)
@pipeline_options
@click.option(
    "--rows",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    help="Rows to show, and to follow further, at each place.",
)
@click.option(
    "--inputs",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="What paths, tables, secrets and Kafka servers are here; millpond.yml of the project if "
    "not given.",
)
@state_option
@output_option("text", "json")
@click.pass_context
def explain(
    context: click.Context,
    table: str,
    words: tuple[str, ...],
    target: str | None,
    pipeline: str | None,
    variables: dict[str, str],
    settings: dict[str, str],
    catalog: str | None,
    schema: str | None,
    rows: int,
    inputs: Path | None,
    state: Path | None,
    output: str,
) -> int:
    """Show where rows of a table came from.

    From a row of TABLE back through the flows to the file or Kafka offset it came from, with
    the rules that it met or did not, and the values they saw. Where no row has these values,
    shows how far they came. Reads the tables of earlier runs; nothing is run or written.
    """
    key, path = _split(context, words)
    with reporting(output) as report:
        from millpond.cli.project import open_project
        from millpond.engine.explanation.explain import ExplainRequest
        from millpond.report.explanation import render_explanation
        from millpond.report.text import terminal_width
        from millpond.sources.choice import PipelineChoice

        choice = PipelineChoice(
            path, target, pipeline, variables, settings, catalog, schema, inputs
        )
        project = open_project(choice, state)
        report.project, report.state = project.spec.project, project.state
        request = ExplainRequest(
            project.spec, project.state, project.inputs, table, key, limit=rows
        )
        found = _explained(request)
        if output == "json":
            print_json(found.to_json(report.project))
        else:
            click.echo(render_explanation(found, report.project, terminal_width()))
    return ExitStatus.DONE


def _split(context: click.Context, words: tuple[str, ...]) -> tuple[dict[str, str], Path]:
    *given, last = words
    path = Path()
    if "=" in last:
        given.append(last)
    else:
        path = Path(last)
    if not given:
        raise click.UsageError("Give a KEY=VALUE of the rows to explain.")
    return pairs(context, context.command.params[1], given), path


def _explained(request: ExplainRequest) -> Explanation:
    """Explain; what the user's source prints goes to stderr."""
    from millpond.engine.explanation.explain import explain as follow

    with contextlib.redirect_stdout(sys.stderr):
        return follow(request)
