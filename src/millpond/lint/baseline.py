"""Findings that are accepted as they are, so that an old project fails only for new ones.

A finding is known again by its rule, its file and the text of its line: other lines may come
and go.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from millpond.codes import LINT_BASELINE_INVALID
from millpond.errors import MillpondError
from millpond.lint.finding import Finding

DEFAULT_NAME = ".millpond-lint-baseline.json"
_VERSION = 1
_Key = tuple[str, str, str]


def read_baseline(file: Path) -> Counter[_Key]:
    """How often each finding is accepted.

    Raises:
        MillpondError: LINT_BASELINE_INVALID.
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        if document["schema_version"] != _VERSION:
            raise ValueError(f"its schema_version is not {_VERSION}")
        return Counter(
            {(e["file"], e["rule"], e["line"]): int(e["count"]) for e in document["findings"]}
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MillpondError(LINT_BASELINE_INVALID, file=str(file), reason=reason) from error


def write_baseline(file: Path, findings: Iterable[Finding], folder: Path) -> int:
    """Accept these findings; how many there are."""
    counted = Counter(_key(each, folder) for each in findings)
    entries = [
        {"file": name, "rule": rule, "line": line, "count": count}
        for (name, rule, line), count in sorted(counted.items())
    ]
    document = {"schema_version": _VERSION, "findings": entries}
    file.write_text(f"{json.dumps(document, indent=2)}\n", encoding="utf-8")
    return counted.total()


def without_accepted(
    findings: Iterable[Finding], accepted: Counter[_Key], folder: Path
) -> tuple[Finding, ...]:
    """The findings that are new."""
    left = Counter(accepted)
    new: list[Finding] = []
    for finding in findings:
        key = _key(finding, folder)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(finding)
    return tuple(new)


def _key(finding: Finding, folder: Path) -> _Key:
    file = finding.at.file
    name = file.relative_to(folder) if file.is_relative_to(folder) else file
    return name.as_posix(), finding.rule, (finding.at.source_line() or "").strip()
