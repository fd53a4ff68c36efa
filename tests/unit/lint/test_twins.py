"""A project with a fault of every rule gives exactly those findings; its clean twin gives none.

A mark is a comment `!! CODE`, or several codes, at the end of the line that a finding points at.
"""

from __future__ import annotations

import re
from pathlib import Path

from millpond.lint import all_rules, check
from millpond.lint.project import read_project

TWINS = Path(__file__).parent / "twins"
MARK = re.compile(r"(?:#|--) !! ((?:[A-Z]{2}-\d\d ?)+)$")


def marked(folder: Path) -> set[tuple[str, int, str]]:
    """The file, line and code of each mark."""
    return {
        (file.name, number, code)
        for file in folder.rglob("*.*")
        for number, line in enumerate(file.read_text().split("\n"), 1)
        if (mark := MARK.search(line)) is not None
        for code in mark[1].split()
    }


def found(folder: Path) -> set[tuple[str, int, str]]:
    checked = check(read_project(folder), all_rules())
    assert checked.errors == ()
    return {(each.at.file.name, each.at.line, each.rule) for each in checked.findings}


def test_each_fault_and_nothing_else() -> None:
    assert found(TWINS / "faulty") == marked(TWINS / "faulty")


def test_the_twins_are_clean() -> None:
    assert found(TWINS / "clean") == set()


def test_every_rule_has_a_fault() -> None:
    assert {code for *_, code in marked(TWINS / "faulty")} == {rule.code for rule in all_rules()}


def test_the_twins_have_the_same_files() -> None:
    faulty, clean = (
        {str(each.relative_to(TWINS / twin)) for each in (TWINS / twin).rglob("*.*")}
        for twin in ("faulty", "clean")
    )
    assert faulty == clean
