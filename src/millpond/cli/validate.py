"""`millpond validate`: check a bundle and show what it resolves to, without running anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from millpond.cli.options import output_option, path_argument, target_option, variable_option
from millpond.cli.reporting import print_json, print_text, print_warnings, reporting, summaries
from millpond.codes import ExitStatus
from millpond.redaction import masked

if TYPE_CHECKING:
    from millpond.bundle import Bundle
    from millpond.errors import MillpondError


@click.command()
@path_argument
@target_option
@variable_option
@click.option("--strict", is_flag=True, help="Exit with status 2 on a warning too.")
@output_option("text", "json")
def validate(
    path: Path, target: str | None, variables: dict[str, str], strict: bool, output: str
) -> int:
    """Check a bundle, and show what its target resolves to.

    The JSON is the whole configuration in the form of `databricks bundle validate`, with
    paths as they are in the workspace. Neither Java nor a workspace is needed.
    """
    with reporting(output) as report:
        from millpond.bundle import load_bundle
        from millpond.bundle.sync import synced_files

        bundle = load_bundle(bundle_file(path), target=target, variables=variables, deployed=True)
        report.project = bundle.file.parent
        files, odd = synced_files(bundle.sync)
        warnings = (*bundle.warnings, *odd)
        print_warnings(summaries(warnings), report.project)
        if output == "json":
            _print_document(bundle, warnings)
        else:
            from millpond.report.bundle import render_bundle

            print_text(render_bundle(bundle, len(files), len(warnings)))
    return ExitStatus.INPUT_WRONG if strict and warnings else ExitStatus.DONE


def bundle_file(path: Path) -> Path:
    """The root file of the bundle that PATH is.

    Raises:
        MillpondError: PATH_NOT_FOUND, or BUNDLE_NOT_FOUND for source without a bundle.
    """
    from millpond.bundle import ProjectKind, find_project
    from millpond.bundle.files import find_root_file
    from millpond.codes import BUNDLE_NOT_FOUND
    from millpond.errors import MillpondError

    project = find_project(path)
    if project.kind is not ProjectKind.BUNDLE:
        raise MillpondError(BUNDLE_NOT_FOUND, folder=project.folder)
    return find_root_file(project.path)


def _print_document(bundle: Bundle, warnings: tuple[MillpondError, ...]) -> None:
    shown = [each.to_json(bundle.file.parent) for each in summaries(warnings)]
    print_json({"schema_version": 1, "warnings": shown, **masked(bundle.configuration)})
