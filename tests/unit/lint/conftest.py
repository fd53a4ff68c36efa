"""Write a project's files and judge them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Protocol

import pytest

from millpond.lint import Checked, Rule, all_rules, check
from millpond.lint.project import LintProject, read_project


class Judge(Protocol):
    def __call__(
        self, files: Mapping[str, str], *codes: str, target: str | None = None
    ) -> Checked: ...


@pytest.fixture
def read(tmp_path: Path):
    """Write files and read them as a project."""

    def read(files: Mapping[str, str], target: str | None = None) -> LintProject:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return read_project(tmp_path, target=target)

    return read


@pytest.fixture
def judge(read) -> Judge:
    """What all rules, or those of some codes, find in a project of these files."""

    def judge(files: Mapping[str, str], *codes: str, target: str | None = None) -> Checked:
        rules: list[Rule] = [rule for rule in all_rules() if not codes or rule.code in codes]
        return check(read(files, target), rules)

    return judge
