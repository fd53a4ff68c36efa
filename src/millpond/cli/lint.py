"""`millpond lint`: judge YAML, Python and SQL by the house's rules, without running anything."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from millpond.cli.options import names, output_option, path_argument, target_option
from millpond.cli.reporting import print_errors, print_json, reporting, summaries
from millpond.codes import ExitStatus

if TYPE_CHECKING:
    from millpond.lint import Checked, Rule
    from millpond.lint.project import LintProject


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
    default="required",
    show_default=True,
    help="The least severity that makes the exit status 1.",
)
@output_option("text", "json", "github", "sarif")
def lint(
    path: Path,
    target: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    output: str,
) -> int:
    """Judge a bundle's YAML, Python and SQL by rules, without executing anything.

    RULES are codes (ST-01), names, the letters of an area (ST) or a severity. `millpond rule`
    explains them.
    """
    with reporting(output) as report:
        from millpond.lint import all_rules, check
        from millpond.lint.project import read_project
        from millpond.lint.registry import selected

        project = read_project(path, target=target)
        report.project = project.folder
        rules = [rule for rule in all_rules() if not select or selected(rule, select)]
        rules = [rule for rule in rules if not selected(rule, ignore)]
        checked = check(project, rules)
        _print(checked, rules, project, output)
        return _status(checked, fail_on)
    return ExitStatus.DONE


def _status(checked: Checked, fail_on: str) -> int:
    from millpond.lint import Severity

    if checked.errors:
        return ExitStatus.INPUT_WRONG
    least = Severity(fail_on).rank
    grave = any(each.severity.rank <= least for each in checked.findings)
    return ExitStatus.PIPELINE_FAILED if grave else ExitStatus.DONE


def _print(checked: Checked, rules: list[Rule], project: LintProject, output: str) -> None:
    from millpond.report import findings

    folder = project.folder
    if output == "json":
        print_json(findings.findings_json(checked, folder))
        return
    if output == "sarif":
        print_json(findings.findings_sarif(checked, rules, folder))
    elif output == "github":
        text = findings.render_github(checked.findings, folder)
        if text:
            click.echo(text)
    else:
        _print_text(checked, folder)
    if checked.errors:
        print_errors(summaries(checked.errors), folder)
    for name, error in project.unread_targets.items():
        click.echo(f"note: the settings of target {name} were not checked: {error}", err=True)


def _print_text(checked: Checked, folder: Path) -> None:
    from millpond.report import findings
    from millpond.report.text import terminal_width

    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    width = terminal_width()
    for each in checked.findings:
        shown = findings.render_finding(each, relative_to=folder, width=width, colour=colour)
        click.echo(f"{shown}\n", color=colour)
    click.echo(findings.render_totals(checked))
