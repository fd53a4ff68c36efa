"""`millpond graph`: draw what reads what, without running anything."""

from __future__ import annotations

from pathlib import Path

import click

from millpond.cli.options import output_option, path_argument, pipeline_options
from millpond.cli.reporting import print_json, print_warnings, reporting
from millpond.codes import ExitStatus


@click.command()
@path_argument
@pipeline_options
@output_option("text", "mermaid", "json")
def graph(
    path: Path,
    target: str | None,
    pipeline: str | None,
    variables: dict[str, str],
    settings: dict[str, str],
    catalog: str | None,
    schema: str | None,
    output: str,
) -> int:
    """Draw what reads what, without executing the source."""
    with reporting(output) as report:
        from millpond.cli.project import PipelineChoice, open_project
        from millpond.graph.static import static_graph
        from millpond.report.graph import graph_json, render_mermaid, render_text

        choice = PipelineChoice(path, target, pipeline, variables, settings, catalog, schema)
        project = open_project(choice)
        spec, report.project = project.spec, project.spec.project
        print_warnings(project.warnings, report.project)
        drawn = static_graph(spec)
        if output == "json":
            print_json(graph_json(drawn.nodes, drawn.edges, spec.project))
        elif output == "mermaid":
            click.echo(render_mermaid(drawn.nodes, drawn.edges))
        else:
            click.echo(render_text(drawn.nodes, drawn.edges, spec.project))
    return ExitStatus.DONE
