"""Settings in millpond.yml and pyproject.toml, and the baseline."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from millpond.codes import LINT_BASELINE_INVALID, LINT_RULE_UNKNOWN, LINT_SETTING_INVALID
from millpond.errors import MillpondError
from millpond.lint import Severity
from millpond.lint.baseline import read_baseline, without_accepted, write_baseline
from millpond.lint.settings import LintSettings, check_names, read_settings

TABLE = "CREATE OR REFRESH STREAMING TABLE {} AS SELECT * FROM STREAM raw.orders;\n"


def settings(tmp_path: Path, text: str, name: str = "millpond.yml") -> LintSettings:
    (tmp_path / name).write_text(text)
    return read_settings(tmp_path)


def test_nothing_is_set(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == LintSettings(tmp_path)


def test_in_millpond_yml(tmp_path: Path) -> None:
    read = settings(
        tmp_path,
        """\
lint:
  select: [ST, EX]
  ignore: EX-04
  per-file-ignores: {"src/bronze/*": [ST-02]}
  baseline: known.json
  fail-on: advice
""",
    )
    assert read.select == ("ST", "EX")
    assert read.ignore == ("EX-04",)
    assert read.per_file == {"src/bronze/*": ("ST-02",)}
    assert read.baseline == tmp_path / "known.json"
    assert read.fail_on is Severity.ADVICE
    assert {rule.code.split("-")[0] for rule in read.rules()} == {"ST", "EX"}
    assert "EX-04" not in {rule.code for rule in read.rules()}


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 cannot read TOML")
def test_in_pyproject_toml(tmp_path: Path) -> None:
    text = '[tool.millpond.lint]\nignore = ["advice"]\n'
    assert settings(tmp_path, text, "pyproject.toml").ignore == ("advice",)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("lint:\n  selct: [ST]\n", LINT_SETTING_INVALID, 2),
        ("lint:\n  fail-on: never\n", LINT_SETTING_INVALID, 2),
        ("lint:\n  ignore:\n    - ST-02\n    - ST-99\n", LINT_RULE_UNKNOWN, 4),
        ("lint:\n  ignore: [3]\n", LINT_SETTING_INVALID, 2),
    ],
)
def test_what_is_wrong_is_told_at_its_place(tmp_path: Path, text: str, code, line: int) -> None:
    with pytest.raises(MillpondError) as raised:
        settings(tmp_path, text)
    assert (raised.value.code, raised.value.at.line) == (code, line)


def test_a_rule_that_is_misspelt() -> None:
    with pytest.raises(MillpondError) as raised:
        check_names(["ST-O2"])
    assert raised.value.hint == "Did you mean ST-02?"


def test_findings_of_some_files_are_left_out(tmp_path: Path, judge) -> None:
    (finding,) = judge({"src/bronze/a.sql": TABLE.format("a")}, "ST-02").findings
    assert LintSettings(tmp_path, per_file={"src/bronze/*": ("ST",)}).leaves_out(finding)
    assert not LintSettings(tmp_path, per_file={"src/gold/*": ("ST",)}).leaves_out(finding)


def test_a_baseline_accepts_what_it_knows_wherever_its_line_is(tmp_path: Path, judge) -> None:
    known = judge({"a.sql": TABLE.format("a")}, "ST-02").findings
    file = tmp_path / "baseline.json"
    assert write_baseline(file, known, tmp_path) == 1
    more = f"-- a comment\n{TABLE.format('a')}{TABLE.format('b')}"
    new = without_accepted(judge({"a.sql": more}, "ST-02").findings, read_baseline(file), tmp_path)
    assert [each.at.line for each in new] == [3]


@pytest.mark.parametrize("text", ["", "{}", '{"schema_version": 9, "findings": []}'])
def test_what_is_no_baseline(tmp_path: Path, text: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(text)
    with pytest.raises(MillpondError) as raised:
        read_baseline(file)
    assert raised.value.code is LINT_BASELINE_INVALID
