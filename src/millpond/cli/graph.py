"""`millpond graph`: draw what reads what, without running anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from millpond.cli.options import output_option, path_argument, pipeline_options
from millpond.cli.reporting import print_json, print_text, print_warnings, reporting, summaries
from millpond.codes import ExitStatus

if TYPE_CHECKING:
    from millpond.cli.project import OpenProject


@click.command()
@path_argument
@pipeline_options
@click.option(
    "--static",
    is_flag=True,
    help="From the source alone; this is how it is always done, and the option changes nothing.",
)
@output_option("text", "mermaid", "svg", "json")
def graph(
    path: Path,
    target: str | None,
    pipeline: str | None,
    variables: dict[str, str],
    settings: dict[str, str],
    catalog: str | None,
    schema: str | None,
    static: bool,
    output: str,
) -> int:
    """Draw what reads what, without executing the source."""
    with reporting(output) as report:
        from millpond.cli.project import open_project
        from millpond.sources.choice import PipelineChoice

        choice = PipelineChoice(path, target, pipeline, variables, settings, catalog, schema)
        project = open_project(choice)
        report.project = project.spec.project
        print_warnings(summaries(project.warnings), report.project)
        _draw(project, output)
    return ExitStatus.DONE


def _draw(project: OpenProject, output: str) -> None:
    from millpond.graph.static import static_graph
    from millpond.report.graph import graph_json, render_mermaid, render_text

    spec = project.spec
    drawn = static_graph(spec, project.inputs)
    print_warnings(summaries(drawn.warnings), spec.project)
    if output == "json":
        print_json(graph_json(drawn.nodes, drawn.edges, spec.project))
    elif output == "svg":
        from millpond.report.graph_svg import render_svg

        print_text(render_svg(drawn.nodes, drawn.edges, spec.project))
    elif output == "mermaid":
        print_text(render_mermaid(drawn.nodes, drawn.edges))
    else:
        click.echo(render_text(drawn.nodes, drawn.edges, spec.project))
