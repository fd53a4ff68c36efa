"""`millpond lint` and `millpond rule`: forms of output, exit statuses, choice of rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

TABLE = "CREATE OR REFRESH STREAMING TABLE t AS SELECT * FROM STREAM raw.orders;\n"


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one file, in which one streaming table has no expectations."""
    (tmp_path / "a.sql").write_text(TABLE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def test_text_has_the_form_of_an_error(cli: Callable, source: Path) -> None:
    result = cli("lint", "--select", "ST-02")
    assert result.status == 1
    assert result.out.splitlines() == [
        "critical[ST-02]: streaming table t has no expectations",
        "  --> a.sql:1:35",
        "   |",
        " 1 | CREATE OR REFRESH STREAMING TABLE t AS SELECT * FROM STREAM raw.orders;",
        "   |                                   ^",
        "hint: State at least what every row must have, such as its key: EXPECT (id IS NOT NULL).",
        "",
        "1 finding in 1 file: 1 critical",
    ]


def test_nothing_found(cli: Callable, source: Path) -> None:
    result = cli("lint", "--select", "ST", "--ignore", "critical").assert_success()
    assert result.out == "0 findings in 1 file\n"


def test_json(cli: Callable, source: Path) -> None:
    document = json.loads(cli("lint", "--select", "ST-02", "-o", "json").out)
    (finding,) = document["findings"]
    assert finding["rule"] == "ST-02"
    assert [finding[key] for key in ("file", "line", "column", "end_line", "end_column")] == [
        *("a.sql", 1, 35, 1, 36)
    ]
    assert document["errors"] == []


def test_github(cli: Callable, source: Path) -> None:
    out = cli("lint", "--select", "ST-02", "-o", "github").out
    assert out.startswith(
        "::error file=a.sql,line=1,col=35,endLine=1,endColumn=36,title=ST-02::streaming table t"
    )


def test_sarif(cli: Callable, source: Path) -> None:
    document = json.loads(cli("lint", "--select", "ST-02", "-o", "sarif").out)
    (run,) = document["runs"]
    (result,) = run["results"]
    (location,) = result["locations"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "ST-02"
    assert location["physicalLocation"]["artifactLocation"] == {"uri": "a.sql"}
    region = {"startLine": 1, "startColumn": 35, "endLine": 1, "endColumn": 36}
    assert location["physicalLocation"]["region"] == region


@pytest.mark.parametrize(("least", "status"), [("critical", 1), ("advice", 1)])
def test_fail_on(cli: Callable, source: Path, least: str, status: int) -> None:
    assert cli("lint", "--select", "ST-02", "--fail-on", least).status == status


def test_advice_does_not_fail(cli: Callable, source: Path) -> None:
    (source / "a.sql").write_text("-- millpond: ignore[ST-02] old\nSELECT 1;\n")
    assert cli("lint").status == 0
    assert cli("lint", "--fail-on", "advice").status == 1


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_judged(
    cli: Callable, source: Path
) -> None:
    (source / "b.py").write_text("def (:\n")
    result = cli("lint", "--select", "ST-02")
    assert result.status == 2
    assert "error[PYTHON_SYNTAX_ERROR]" in result.err
    assert "critical[ST-02]" in result.out


def test_the_settings_of_every_target_are_judged(cli: Callable, project: Path) -> None:
    text = (project / "databricks.yml").read_text().replace("staging: {}", "staging:")
    cluster = "clusters: [{label: default, autoscale: {min_workers: 1, max_workers: 2}}]"
    more = f"    resources: {{pipelines: {{sales: {{{cluster}}}}}}}\n"
    (project / "databricks.yml").write_text(text.replace("  staging:\n", f"  staging:\n{more}"))
    assert "ST-05" in cli("lint", "--select", "ST-05").out


def test_a_rule_is_explained(cli: Callable) -> None:
    out = cli("rule", "st-02").assert_success().out
    assert out.startswith("ST-02 streaming-table-without-expectations (critical, python, sql)\n")
    assert "Anti-pattern" in out


def test_rules_are_listed(cli: Callable) -> None:
    out = cli("rule").assert_success().out
    assert "  ST-01  critical  python" in out


def test_a_misspelt_rule(cli: Callable) -> None:
    result = cli("rule", "ST-O2")
    assert result.status == 2
    assert "Did you mean ST-02?" in result.err


def test_a_misspelt_selection(cli: Callable, source: Path) -> None:
    result = cli("lint", "--select", "ST-O2")
    assert result.status == 2
    assert "error[LINT_RULE_UNKNOWN]" in result.err
    assert "hint: Did you mean ST-02?" in result.err


def test_fix_mends_and_shows_the_rest(cli: Callable, source: Path) -> None:
    (source / "a.sql").write_text("CREATE LIVE TABLE t AS SELECT * FROM LIVE.a ORDER BY x;\n")
    result = cli("lint", "--fix")
    assert (source / "a.sql").read_text() == (
        "CREATE MATERIALIZED VIEW t AS SELECT * FROM a ORDER BY x;\n"
    )
    assert result.err == "2 mended\n"
    assert "SQ-06" in result.out
    assert "SQ-01" not in result.out


def test_diff_changes_nothing(cli: Callable, source: Path) -> None:
    text = "CREATE LIVE TABLE t AS SELECT * FROM a;\n"
    (source / "a.sql").write_text(text)
    result = cli("lint", "--diff")
    assert result.status == 1
    assert result.out.splitlines()[:2] == ["--- a/a.sql", "+++ b/a.sql"]
    assert (source / "a.sql").read_text() == text
    (source / "a.sql").write_text("CREATE MATERIALIZED VIEW t AS SELECT * FROM a;\n")
    assert cli("lint", "--diff").assert_success().out == ""


def test_a_baseline_is_written_and_read(cli: Callable, source: Path) -> None:
    assert cli("lint", "--write-baseline").status == 0
    (source / "millpond.yml").write_text("lint: {baseline: .millpond-lint-baseline.json}\n")
    assert cli("lint").assert_success().out.startswith("0 findings in 1 file")
    (source / "b.sql").write_text(TABLE.replace("TABLE t", "TABLE u"))
    assert cli("lint").status == 1


def test_settings_are_read(cli: Callable, source: Path) -> None:
    (source / "millpond.yml").write_text("lint: {ignore: [ST-02]}\n")
    assert "ST-02" not in cli("lint").out
