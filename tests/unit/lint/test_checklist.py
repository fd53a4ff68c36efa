"""The review checklist: no line without a rule, no rule that is not there."""

from __future__ import annotations

import pytest

from millpond.lint import all_rules
from millpond.lint.checklist import CHECKLIST, FURTHER, GOLDEN_RULES, Line

LINES = (*GOLDEN_RULES, *CHECKLIST, *FURTHER)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.text)
def test_each_line_has_rules_that_exist(line: Line) -> None:
    codes = {rule.code for rule in all_rules()}
    assert line.pipelines or line.raw_streams
    assert {*line.pipelines, *line.raw_streams} <= codes


def test_the_golden_rules_are_all_there() -> None:
    assert [line.text[:5] for line in GOLDEN_RULES] == [f"ST-0{n}" for n in range(1, 7)]
    assert len(CHECKLIST) == 26


def test_each_rule_for_a_place_can_be_found_there() -> None:
    applies = {rule.code: rule.applies_to for rule in all_rules()}
    for line in LINES:
        for code in line.raw_streams:
            assert set(applies[code]) & {"python", "yaml"} or code.startswith("LN"), (line, code)


def test_there_are_at_least_eighty_rules() -> None:
    assert len(all_rules()) >= 80
