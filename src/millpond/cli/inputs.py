"""`millpond inputs`: what a pipeline reads from outside, and what that is on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from millpond.cli.options import output_option, path_argument, pipeline_options, state_option
from millpond.cli.reporting import (
    print_errors,
    print_json,
    print_text,
    print_warnings,
    reporting,
    summaries,
)
from millpond.codes import ExitStatus

if TYPE_CHECKING:
    from millpond.cli.project import OpenProject
    from millpond.definitions import QualifiedName
    from millpond.sources.inputs.answers import Answer


@click.command()
@path_argument
@pipeline_options
@click.option(
    "--inputs",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The file to look in; millpond.yml of the project if not given.",
)
@state_option
@output_option("text", "json")
def inputs(
    path: Path,
    target: str | None,
    pipeline: str | None,
    variables: dict[str, str],
    settings: dict[str, str],
    catalog: str | None,
    schema: str | None,
    file: Path | None,
    state: Path | None,
    output: str,
) -> int:
    """List what a pipeline reads from outside, and how millpond.yml maps it.

    The source is not executed. The exit status is 2 if something is not mapped.
    """
    with reporting(output) as report:
        from millpond.cli.project import open_project
        from millpond.sources.choice import PipelineChoice

        choice = PipelineChoice(path, target, pipeline, variables, settings, catalog, schema, file)
        project = open_project(choice, state)
        report.project = project.spec.project
        print_warnings(summaries(project.warnings), report.project)
        answers = _answers(project)
        if output == "json":
            print_json(_document(answers, project.spec.project))
        else:
            _print_text(answers, project)
        wrong = [each.error for each in answers if each.error is not None]
        if wrong:
            print_errors(summaries(wrong), report.project)
    failed = any(each.status in ("unmapped", "wrong") for each in answers)
    return ExitStatus.INPUT_WRONG if failed else ExitStatus.DONE


def _answers(project: OpenProject) -> list[Answer]:
    from millpond.cli.state import is_ours
    from millpond.codes import STATIC_NAME_UNKNOWN, STATIC_READ_UNKNOWN
    from millpond.engine.state import read_state, stored_path
    from millpond.graph.static import static_graph
    from millpond.sources.inputs.answers import answer
    from millpond.sources.inputs.uses import uses_in

    graph = static_graph(project.spec, project.inputs)
    others = [each for each in graph.warnings if each.code is not STATIC_READ_UNKNOWN]
    print_warnings(summaries(others), project.spec.project)
    state = read_state(project.state) if is_ours(project.state) else None
    spec = project.spec
    doubtful = any(each.code is STATIC_NAME_UNKNOWN for each in graph.warnings)

    def is_stored(name: QualifiedName) -> bool:
        return bool(state and stored_path(state, name))

    def may_be_own(name: QualifiedName) -> bool:
        return doubtful and (name.catalog, name.schema) == (spec.catalog, spec.schema)

    return [
        answer(use, project.inputs, is_stored, may_be_own) for use in uses_in(project.spec, graph)
    ]


def _print_text(answers: Sequence[Answer], project: OpenProject) -> None:
    from millpond.report.text import table
    from millpond.sources.inputs.missing import file_to_edit

    if not answers:
        click.echo("Nothing is known to be read from outside, as far as source tells.")
        return
    rows = [
        [
            each.use.kind,
            each.use.name or "?",
            each.local or each.status.upper(),
            ", ".join(each.use.read_by) or _place(each, project.spec.project),
        ]
        for each in answers
    ]
    print_text("\n".join(table([["KIND", "NAME", "HERE", "READ BY"], *rows], "<<<<")))
    lines = _lines_to_add(answers)
    if lines:
        print_text("\n".join([f"\nAdd to {file_to_edit(project.inputs.file)}:", *lines]), err=True)


def _lines_to_add(answers: Sequence[Answer]) -> list[str]:
    """The lines below their keys, each key once."""
    from millpond.sources.inputs.missing import yaml_text

    below: dict[tuple[str, ...], dict[str, None]] = {}
    for each in answers:
        if each.add is not None:
            below.setdefault(each.add[0], {})[each.add[1]] = None
    lines: list[str] = []
    written: set[tuple[str, ...]] = set()
    for keys, added in below.items():
        for depth in range(1, len(keys) + 1):
            if keys[:depth] not in written:
                written.add(keys[:depth])
                lines.append(f"{'  ' * depth}{yaml_text(keys[depth - 1])}:")
        lines += [f"{'  ' * (len(keys) + 1)}{line}" for line in added]
    return lines


def _place(each: Answer, project: Path) -> str:
    return "" if each.use.at is None else each.use.at.shown(project)


def _document(answers: Sequence[Answer], project: Path) -> dict[str, Any]:
    def entry(each: Answer) -> dict[str, Any]:
        below, line = each.add or ((), None)
        return {
            "kind": each.use.kind,
            "name": each.use.name,
            "status": each.status,
            "local": each.local,
            "read_by": list(each.use.read_by),
            "at": _place(each, project) or None,
            "add": None if line is None else {"below": list(below), "line": line},
        }

    return {"schema_version": 1, "inputs": [entry(each) for each in answers]}
