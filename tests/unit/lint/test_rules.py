"""Every rule on its own documentation: one finding in the Anti-pattern, none in the other."""

from __future__ import annotations

import re

import pytest

from millpond.lint import Rule, all_rules, check
from millpond.lint.documentation import documentation, example_files
from millpond.lint.registry import find_rule

RULES = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)


STREAM = frozenset({"RS-03", "RS-07"})
"""A short example of a stream has neither name nor trigger."""
BYSTANDERS: dict[str, frozenset[str] | set[str]] = {
    **dict.fromkeys(("ST-01", "ST-03", "RS-01", "RS-02"), STREAM),
    **dict.fromkeys(("BU-17", "RS-03", "RS-04", "RS-05"), frozenset({"RS-07"})),
    **dict.fromkeys(("ST-02", "SR-06"), frozenset({"HC-03"})),
    "BU-11": {"EX-09"},  # PRO is enough for AUTO CDC, and not for expectations
    "BU-21": {"BU-20"},  # what is misspelt is missing on one side and unused on the other
    "SS-03": {"SS-01"},  # a watermark that comes too late is none
    "RS-06": {"SS-01", "RS-07"},
    "PY-02": {"HC-05"},
    "HC-02": {"BU-20"},
    "DP-02": {"DP-01"},
    "DP-05": {"GR-09"},
    "LN-01": {"ST-02"},
}
"""What else the examples of a rule have, by its code."""
SETTINGS = {"BU-02", "BU-03", "BU-04", "BU-05", "BU-08", "BU-12", "BU-18"}
"""What the few lines of YAML of an example leave out."""


def found(read, block: str, rule: Rule) -> list:
    """The findings of a rule; all rules are run, and none but its bystanders finds anything."""
    files = example_files(block)
    assert files, "an example is one or more fenced files"
    findings = check(read(files), all_rules()).findings
    others = {each.rule for each in findings} - {rule.code} - set(BYSTANDERS.get(rule.code, ()))
    assert others <= (SETTINGS if "databricks.yml" in files else set())
    return [each for each in findings if each.rule == rule.code]


@RULES
def test_the_anti_pattern_has_the_fault_once(read, rule: Rule) -> None:
    (finding,) = found(read, documentation(rule).anti_pattern, rule)
    assert finding.at.end_line is not None
    assert finding.at.end_column is not None
    assert (finding.at.end_line, finding.at.end_column) > (finding.at.line, finding.at.column)
    assert finding.hint.endswith((".", "?"))
    assert not finding.message.endswith(".")


@RULES
def test_the_best_practice_has_it_not(read, rule: Rule) -> None:
    assert found(read, documentation(rule).best_practice, rule) == []


@RULES
def test_a_rule_explains_itself(rule: Rule) -> None:
    text = documentation(rule)
    assert text.summary.endswith(".")
    assert "\n" not in text.summary
    assert text.explanation
    assert re.fullmatch(r"[A-Z]{2}-\d\d", rule.code)


def test_codes_and_names_are_unique() -> None:
    rules = all_rules()
    assert len({rule.code for rule in rules}) == len({rule.name for rule in rules}) == len(rules)


def test_a_rule_is_found_by_code_and_by_name() -> None:
    assert find_rule("st-01") is find_rule("raw-stream-without-approval") is not None
    assert find_rule("ST-99") is None
