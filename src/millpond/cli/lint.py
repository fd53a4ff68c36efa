"""`millpond lint`: judge YAML, Python and SQL by the house's rules, without running anything."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from millpond.cli.options import names, output_option, path_argument, target_option
from millpond.cli.reporting import print_errors, print_json, print_text, reporting, summaries
from millpond.codes import ExitStatus

if TYPE_CHECKING:
    from millpond.lint import Checked
    from millpond.lint.project import LintProject
    from millpond.lint.settings import LintSettings


@dataclass(frozen=True, slots=True)
class _Mode:
    """What is done with the findings, besides showing them."""

    fix: bool
    diff: bool
    accept: bool


@click.command()
@path_argument
@target_option
@click.option(
    "--select", metavar="RULES", multiple=True, callback=names, help="Only these rules; CODE,CODE."
)
@click.option(
    "--ignore", metavar="RULES", multiple=True, callback=names, help="All but these rules."
)
@click.option(
    "--fail-on",
    type=click.Choice(("critical", "required", "advice")),
    help="The least severity that makes the exit status 1; required if not set.",
)
@click.option("--fix", is_flag=True, help="Mend what can be mended without a decision.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option(
    "--baseline",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Accept the findings that are in this file.",
)
@click.option("--write-baseline", is_flag=True, help="Write all findings into the baseline.")
@output_option("text", "json", "github", "sarif")
def lint(
    path: Path,
    target: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    fix: bool,
    diff: bool,
    baseline: Path | None,
    write_baseline: bool,
    output: str,
) -> int:
    """Judge a bundle's YAML, Python and SQL by rules, without executing anything.

    RULES are codes (ST-01), names, the letters of an area (ST) or a severity. `millpond rule`
    explains them.
    """
    with _without_collection(), reporting(output) as report:
        from millpond.bundle import find_project
        from millpond.lint import Severity
        from millpond.lint.settings import check_names, read_settings

        folder = report.project = find_project(path).folder
        settings = read_settings(folder)
        if select or ignore:
            settings = replace(
                settings,
                select=check_names(select) or settings.select,
                ignore=(*settings.ignore, *check_names(ignore)),
            )
        if fail_on is not None:
            settings = replace(settings, fail_on=Severity(fail_on))
        if baseline is not None:
            settings = replace(settings, baseline=baseline)
        return _lint(path, target, settings, _Mode(fix, diff, write_baseline), output)
    return ExitStatus.DONE


@contextmanager
def _without_collection() -> Iterator[None]:
    """What is read stays until the end: looking for garbage in it is a sixth of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _lint(
    path: Path, target: str | None, settings: LintSettings, mode: _Mode, output: str
) -> ExitStatus:
    project, checked = _checked(path, target, settings, accept=mode.accept)
    if mode.accept:
        return _accept(checked, settings)
    if mode.diff:
        return _show_changes(checked, settings)
    fixed = 0
    while mode.fix and (mended := _fix(checked)):
        fixed += mended
        project, checked = _checked(path, target, settings)
    if fixed:
        click.echo(f"{fixed:,} mended", err=True)
    _print(checked, settings, project, output)
    return _status(checked, settings)


def _checked(
    path: Path, target: str | None, settings: LintSettings, *, accept: bool = False
) -> tuple[LintProject, Checked]:
    """What is found, without what settings and baseline leave out."""
    from millpond.lint import check
    from millpond.lint.baseline import read_baseline, without_accepted
    from millpond.lint.project import read_project

    project = read_project(path, target=target)
    checked = check(project, settings.rules())
    found = tuple(each for each in checked.findings if not settings.leaves_out(each))
    if settings.baseline is not None and not accept:
        accepted = read_baseline(settings.baseline)
        found = without_accepted(found, accepted, settings.folder)
    left_out = len(checked.findings) - len(found)
    return project, replace(checked, findings=found, suppressed=checked.suppressed + left_out)


def _fix(checked: Checked) -> int:
    """Write the fixes; how many findings they mend."""
    from millpond.lint.fixing import fix_files

    fixed = list(fix_files(checked.findings))
    for each in fixed:
        each.write()
    return sum(each.count for each in fixed)


def _show_changes(checked: Checked, settings: LintSettings) -> ExitStatus:
    from millpond.lint.fixing import fix_files

    fixed = list(fix_files(checked.findings))
    for each in fixed:
        _print_change(each.diff(settings.folder))
    return ExitStatus.PIPELINE_FAILED if fixed else ExitStatus.DONE


def _print_change(change: str) -> None:
    """Print a patch: as it is for a program, harmless for a terminal."""
    if sys.stdout.isatty():
        print_text(change.rstrip("\n"))
    else:
        click.echo(change, nl=False)


def _accept(checked: Checked, settings: LintSettings) -> ExitStatus:
    from millpond.lint.baseline import DEFAULT_NAME, write_baseline

    file = settings.baseline or settings.folder / DEFAULT_NAME
    count = write_baseline(file, checked.findings, settings.folder)
    click.echo(f"{count:,} findings are accepted in {file}", err=True)
    return ExitStatus.DONE


def _status(checked: Checked, settings: LintSettings) -> ExitStatus:
    if checked.errors:
        return ExitStatus.INPUT_WRONG
    grave = any(each.severity.rank <= settings.fail_on.rank for each in checked.findings)
    return ExitStatus.PIPELINE_FAILED if grave else ExitStatus.DONE


def _print(checked: Checked, settings: LintSettings, project: LintProject, output: str) -> None:
    from millpond.report import findings

    folder = settings.folder
    if output == "json":
        print_json(findings.findings_json(checked, folder))
        return
    if output == "sarif":
        print_json(findings.findings_sarif(checked, settings.rules(), folder))
    elif output == "github":
        text = findings.render_github(checked.findings, folder)
        if text:
            print_text(text)
    else:
        _print_text(checked, folder)
    if checked.errors:
        print_errors(summaries(checked.errors), folder)
    for name, error in project.unread_targets.items():
        print_text(f"note: the settings of target {name} were not checked: {error}", err=True)


def _print_text(checked: Checked, folder: Path) -> None:
    from millpond.report import findings
    from millpond.report.text import terminal_width

    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    width = terminal_width()
    for each in checked.findings:
        shown = findings.render_finding(each, relative_to=folder, width=width, colour=colour)
        click.echo(f"{shown}\n", color=colour)
    click.echo(findings.render_totals(checked))
