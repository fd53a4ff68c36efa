"""Every rule on its own documentation: one finding in the Anti-pattern, none in the other."""

from __future__ import annotations

import re

import pytest

from millpond.lint import Rule, all_rules, check
from millpond.lint.documentation import documentation, example_files
from millpond.lint.registry import find_rule

RULES = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)


def found(read, block: str, rule: Rule) -> list:
    files = example_files(block)
    assert files, "an example is one or more fenced files"
    return [each for each in check(read(files), all_rules()).findings if each.rule == rule.code]


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
