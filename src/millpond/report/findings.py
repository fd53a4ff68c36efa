"""What `millpond lint` found: as text, JSON, GitHub annotations and SARIF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from millpond import __version__
from millpond.lint.check import Checked
from millpond.lint.documentation import documentation
from millpond.lint.finding import Finding, Severity
from millpond.lint.rule import Rule
from millpond.location import Span
from millpond.report.diagnostics import render_error
from millpond.report.text import count

_GITHUB = {Severity.CRITICAL: "error", Severity.REQUIRED: "error", Severity.ADVICE: "notice"}
_SARIF = {Severity.CRITICAL: "error", Severity.REQUIRED: "warning", Severity.ADVICE: "note"}


def render_finding(
    finding: Finding, *, relative_to: Path, width: int = 80, colour: bool = False
) -> str:
    """A finding in the form of an error: what, where with the line, what to do."""
    label = finding.severity.value
    return render_error(finding, relative_to=relative_to, width=width, colour=colour, label=label)


def render_totals(checked: Checked) -> str:
    """One line: how many findings of which severity in how many files."""
    found = Counter(each.severity for each in checked.findings)
    parts = [f"{found[each]:,} {each.value}" for each in Severity if found[each]]
    fixable = sum(each.fix is not None for each in checked.findings)
    text = f"{count(len(checked.findings), 'finding')} in {count(checked.files, 'file')}"
    more = [", ".join(parts)] if parts else []
    more += [f"{fixable:,} with --fix"] if fixable else []
    more += [f"{checked.suppressed:,} suppressed"] if checked.suppressed else []
    return f"{text}: {'; '.join(more)}" if more else text


def findings_json(checked: Checked, relative_to: Path) -> dict[str, Any]:
    """The findings as documented in docs/json-output.md."""
    return {
        "schema_version": 1,
        "files": checked.files,
        "suppressed": checked.suppressed,
        "findings": [
            {
                "rule": each.rule,
                "name": each.name,
                "severity": each.severity.value,
                "message": each.message,
                "hint": each.hint,
                "fix": each.fix.summary if each.fix is not None else None,
                **_place(each.at, relative_to),
            }
            for each in checked.findings
        ],
        "errors": [
            {
                "code": each.code.name,
                "message": each.message,
                "hint": each.hint,
                **(_place(each.at, relative_to) if each.at is not None else {}),
            }
            for each in checked.errors
        ],
    }


def render_github(findings: Iterable[Finding], relative_to: Path) -> str:
    """A workflow command for each finding, which GitHub shows at its line."""
    lines = []
    for each in findings:
        at = each.at
        place = f"file={_escaped(_file(at, relative_to))},line={at.line},col={at.column}"
        if at.end_line is not None:
            place += f",endLine={at.end_line}"
        if at.end_line == at.line and at.end_column is not None:
            place += f",endColumn={at.end_column}"
        text = _escaped(f"{each.message}. {each.hint}")
        lines.append(f"::{_GITHUB[each.severity]} {place},title={each.rule}::{text}")
    return "\n".join(lines)


def findings_sarif(checked: Checked, rules: Sequence[Rule], relative_to: Path) -> dict[str, Any]:
    """The findings as SARIF 2.1.0, with the rules that found something."""
    used = {each.rule for each in checked.findings}
    kept = [rule for rule in rules if rule.code in used]
    index = {rule.code: number for number, rule in enumerate(kept)}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "millpond",
                        "version": __version__,
                        "rules": [_sarif_rule(rule) for rule in kept],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": each.rule,
                        "ruleIndex": index[each.rule],
                        "level": _SARIF[each.severity],
                        "message": {"text": f"{each.message}. {each.hint}"},
                        "locations": [{"physicalLocation": _location(each.at, relative_to)}],
                    }
                    for each in checked.findings
                ],
            }
        ],
    }


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    text = documentation(rule)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": text.summary},
        "fullDescription": {"text": text.explanation},
        "help": {"text": rule.hint},
        "defaultConfiguration": {"level": _SARIF[rule.severity]},
    }


def _location(at: Span, relative_to: Path) -> dict[str, Any]:
    region: dict[str, int] = {"startLine": at.line, "startColumn": at.column}
    if at.end_line is not None and at.end_column is not None:
        region |= {"endLine": at.end_line, "endColumn": at.end_column}
    return {"artifactLocation": {"uri": _file(at, relative_to)}, "region": region}


def _place(at: Span, relative_to: Path) -> dict[str, Any]:
    return {
        "file": _file(at, relative_to),
        "line": at.line,
        "column": at.column,
        "end_line": at.end_line,
        "end_column": at.end_column,
    }


def _file(at: Span, relative_to: Path) -> str:
    inside = at.file.is_relative_to(relative_to)
    return (at.file.relative_to(relative_to) if inside else at.file).as_posix()


def _escaped(text: str) -> str:
    for plain, shown in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(plain, shown)
    return text
