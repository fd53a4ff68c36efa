"""Errors of `millpond lint` itself: its settings and its baseline."""

from __future__ import annotations

from millpond.codes.code import Code

LINT_SETTING_INVALID = Code(
    "LINT_SETTING_INVALID",
    "the setting {setting} of lint {problem}",
    "docs/lint.md lists the settings.",
)
LINT_RULE_UNKNOWN = Code(
    "LINT_RULE_UNKNOWN",
    "{name!r} is no rule, area or severity of lint",
    "`millpond rule` lists them all.",
)
LINT_BASELINE_INVALID = Code(
    "LINT_BASELINE_INVALID",
    "{file} is no baseline: {reason}",
    "Write it anew with `millpond lint --write-baseline`.",
)
