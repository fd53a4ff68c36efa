"""Run the rules over a project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from millpond.errors import MillpondError
from millpond.lint.finding import Finding
from millpond.lint.project import LintProject
from millpond.lint.rule import Rule
from millpond.lint.suppression import Suppressions


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome.

    Attributes:
        findings: by place, without those that a comment silences.
        suppressed: how many a comment silences.
        errors: files that could not be read.
        files: how many files of source were read.
    """

    findings: tuple[Finding, ...]
    suppressed: int
    errors: tuple[MillpondError, ...]
    files: int


def check(project: LintProject, rules: Iterable[Rule]) -> Checked:
    """What the rules find in a project."""
    from millpond.lint.rules.suppressions import check_suppressions

    rules = tuple(rules)
    found: dict[object, Finding] = {}
    for rule in rules:
        for finding in _findings(rule, project):
            found.setdefault(finding.identity, _mendable(finding))
    suppressions = Suppressions()
    for file in project.files:
        suppressions.read(file)
    kept = [each for each in found.values() if not suppressions.silences(each)]
    suppressed = len(found) - len(kept)
    kept += check_suppressions(suppressions, rules)
    kept.sort(key=_order)
    return Checked(tuple(kept), suppressed, tuple(project.errors), len(list(project.files)))


def _findings(rule: Rule, project: LintProject) -> Iterator[Finding]:
    for target in project.targets:
        yield from rule.check_bundle(target)
    for pipeline in project.pipelines:
        yield from rule.check_pipeline(pipeline)
    for source in project.python:
        yield from rule.check_python(source)
    for statements in project.sql:
        yield from rule.check_sql(statements)


def _mendable(finding: Finding) -> Finding:
    """The finding without a fix that cannot be written: one in a cell of a notebook in JSON."""
    fix = finding.fix
    if fix is None or all(each.at.file.is_file() for each in fix.edits):
        return finding
    return replace(finding, fix=None)


def _order(finding: Finding) -> tuple[str, int, int, str]:
    return str(finding.at.file), finding.at.line, finding.at.column, finding.rule
