"""What a rule finds: a place, what is wrong there, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from millpond.location import Span


class Severity(str, Enum):
    """How grave a finding is; the values are those of the JSON output and of the options."""

    CRITICAL = "critical"
    """Data or money may be lost; a suppression needs a reason."""
    REQUIRED = "required"
    """A rule of the house."""
    ADVICE = "advice"
    """Worth a look; does not fail the command."""

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Edit:
    """The text in a range of a file is to become `text`; the range has an end."""

    at: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that mends a finding and leaves what the source means as it is.

    Attributes:
        summary: what the change does, as an imperative: "Write LIVE-free names".
    """

    summary: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule objects to.

    Attributes:
        rule: its code, as `ST-01`.
        name: its name, as `raw-stream-without-approval`.
        at: the offending thing, with its end.
        message: one line: what is wrong.
        hint: one line: what to do.
        fix: how `--fix` mends it; None where only a person can.
    """

    rule: str
    name: str
    severity: Severity
    at: Span
    message: str
    hint: str
    fix: Fix | None = field(default=None, compare=False)

    @property
    def code(self) -> str:
        """The code of its rule."""
        return self.rule

    @property
    def identity(self) -> tuple[str, Span]:
        """What makes two findings one: seen through two targets, or in two cells of one query."""
        return self.rule, self.at


def text_at(at: Span) -> str:
    """The text in a range that has an end."""
    lines = list(at.lines()[at.line - 1 : at.end_line or at.line])
    if not lines:
        return ""
    if at.end_column is not None:
        lines[-1] = lines[-1][: at.end_column - 1]
    lines[0] = lines[0][at.column - 1 :]
    return "\n".join(lines)
