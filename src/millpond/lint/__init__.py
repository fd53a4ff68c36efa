"""Find in a bundle's YAML, Python and SQL what reviewers object to, before anything runs."""

from millpond.lint.check import Checked, check
from millpond.lint.finding import Finding, Severity
from millpond.lint.registry import all_rules, find_rule
from millpond.lint.rule import Rule

__all__ = ["Checked", "Finding", "Rule", "Severity", "all_rules", "check", "find_rule"]
