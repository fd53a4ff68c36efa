"""What a rule is: one class, whose docstring is its documentation and its first test."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from millpond.lint.finding import Edit, Finding, Fix, Severity

if TYPE_CHECKING:
    from millpond.lint.bundle_source import BundleTarget
    from millpond.lint.pipeline import Pipeline
    from millpond.lint.python_source import PythonSource
    from millpond.lint.sql_source import SqlSource
    from millpond.location import Span

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]+|[A-Z]+|\d+")


class Category(str, Enum):
    """What a rule is about; the values head the sections of docs/rules.md."""

    GOLDEN = "Golden rules"
    BUNDLE = "Bundle and compute"
    EXPECTATIONS = "Expectations and quarantine"
    GRAPH = "Datasets and flows"
    SOURCES = "Sources"
    STATE = "State, watermarks and joins"
    CDC = "Change data capture"
    RAW_STREAMS = "Raw streams"
    PYTHON = "Python in pipelines"
    SQL = "SQL in pipelines"
    HARD_CODED = "What does not belong in source"
    DEPRECATED = "Deprecated spellings"
    SUPPRESSIONS = "Suppressions"


class Rule:
    """One thing that reviewers object to.

    The docstring is a summary line, an explanation, and two blocks, `**Anti-pattern**` and
    `**Best practice**`, each with one or more fenced files. A rule overrides those of the four
    methods that it needs; each gives findings made by `found`.

    Attributes:
        code: unique, never used again for another rule.
        hint: what to do about a finding, unless the finding knows better.
    """

    code: ClassVar[str]
    severity: ClassVar[Severity]
    category: ClassVar[Category]
    hint: ClassVar[str]
    fixable: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The class's name in words: `raw-stream-without-approval`."""
        return "-".join(_WORDS.findall(type(self).__name__)).lower()

    @property
    def applies_to(self) -> tuple[str, ...]:
        """`yaml`, `python` and `sql`, as far as the rule looks at them."""
        own = type(self)
        found = []
        if own.check_bundle is not Rule.check_bundle:
            found.append("yaml")
        whole = own.check_pipeline is not Rule.check_pipeline
        if whole or own.check_python is not Rule.check_python:
            found.append("python")
        if whole or own.check_sql is not Rule.check_sql:
            found.append("sql")
        return tuple(found)

    def check_bundle(self, target: BundleTarget) -> Iterable[Finding]:
        """Findings in the YAML of a bundle, as one of its targets resolves it."""
        return ()

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Findings that need the whole of a pipeline: its datasets, flows and settings."""
        return ()

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Findings in one file of Python."""
        return ()

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """Findings in the SQL of one file."""
        return ()

    def found(
        self, at: Span, message: str, *, hint: str | None = None, fix: Fix | None = None
    ) -> Finding:
        """A finding of this rule."""
        return Finding(self.code, self.name, self.severity, at, message, hint or self.hint, fix)


def replacing(at: Span, text: str, summary: str) -> Fix:
    """A fix of one edit."""
    return Fix(summary, (Edit(at, text),))
