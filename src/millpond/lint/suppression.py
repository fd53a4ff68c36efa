"""Comments that silence findings: `# millpond: ignore[CODE] reason`, and `--` in SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from millpond.lint.finding import Finding, Severity
from millpond.location import Span

_COMMENT = re.compile(
    r"(?P<all>(?:#|--)\s*millpond:\s*ignore(?P<file>-file)?\s*"
    r"(?:\[(?P<codes>[^\]]*)\])?[\s:-]*(?P<reason>.*?))\s*(?:\*/)?$",
    re.IGNORECASE,
)
_APPROVED = re.compile(r"\bapproved\b", re.IGNORECASE)
APPROVAL_NEEDED = frozenset({"ST-01"})
"""Exceptions that somebody has to have approved."""
REASON_NEEDED = frozenset({"SR-01", "SR-02"})
"""Settings that lose messages, which are fine with a reason only; critical rules need one too."""


@dataclass(eq=False, slots=True)
class Suppression:
    """One comment.

    Attributes:
        codes: what it silences, in upper case.
        alone: whether its line holds nothing else; it then speaks of the next line.
        used: the codes that it silenced.
    """

    codes: tuple[str, ...]
    reason: str
    at: Span
    whole_file: bool
    alone: bool
    used: set[str] = field(default_factory=set)

    def holds_for(self, finding: Finding) -> bool:
        """Whether it says enough to silence this finding."""
        if finding.rule in APPROVAL_NEEDED:
            return bool(_APPROVED.search(self.reason))
        needed = finding.severity is Severity.CRITICAL or finding.rule in REASON_NEEDED
        return bool(self.reason) or not needed


class Suppressions:
    """The comments of all files that findings are in."""

    def __init__(self) -> None:
        self._files: dict[Path, dict[int, Suppression]] = {}
        self.insufficient: dict[Span, tuple[Suppression, Finding]] = {}

    def read(self, file: Path) -> Iterable[Suppression]:
        """The comments of a file."""
        if file not in self._files:
            self._files[file] = {each.at.line: each for each in _comments(file)}
        return self._files[file].values()

    def silences(self, finding: Finding) -> bool:
        """Whether a comment silences a finding; what it lacks for that is kept."""
        self.read(finding.at.file)
        for each in self._for(finding.at):
            if finding.rule not in each.codes and finding.name.upper() not in each.codes:
                continue
            each.used.update({finding.rule, finding.name.upper()})
            if each.holds_for(finding):
                return True
            self.insufficient.setdefault(each.at, (each, finding))
        return False

    def unused(self) -> Iterator[Suppression]:
        """Those that silenced nothing."""
        for comments in self._files.values():
            yield from (each for each in comments.values() if not each.used)

    def _for(self, at: Span) -> Iterator[Suppression]:
        """The comments at a place: on its line, on lines of their own above it, of its file."""
        comments = self._files[at.file]
        line = at.line
        if line in comments:
            yield comments[line]
        lines = at.lines()
        line -= 1
        while line > 0 and _is_comment(lines[line - 1]):
            if line in comments and comments[line].alone:
                yield comments[line]
            line -= 1
        yield from (each for each in comments.values() if each.whole_file)


def _comments(file: Path) -> Iterator[Suppression]:
    for number, line in enumerate(Span(file, 1).lines(), 1):
        if "millpond:" not in line:
            continue
        found = _COMMENT.search(line)
        if found is None:
            continue
        codes = tuple(each.strip().upper() for each in (found["codes"] or "").split(","))
        at = Span(file, number, found.start("all") + 1, number, found.end("all") + 1)
        alone = not line[: found.start("all")].removeprefix("# MAGIC").strip()
        yield Suppression(
            tuple(filter(None, codes)), found["reason"], at, bool(found["file"]), alone
        )


def _is_comment(line: str) -> bool:
    return line.strip().startswith(("#", "--"))
