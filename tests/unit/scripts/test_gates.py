from pathlib import Path

import pytest

_REPORT = '<testsuites><testsuite tests="10" failures="2" errors="1" skipped="3"/></testsuites>'


def _tool(folder: Path, name: str, code: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{code}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment whose tools all succeed and whose pytest counts one test."""
    import gates

    monkeypatch.setattr(gates, "BIN", tmp_path)
    for name in ("ruff", "mypy", "lint-imports", "interrogate"):
        _tool(tmp_path, name, "exit 0")
    report = "<testsuite tests='1' failures='0' errors='0' skipped='0'/>"
    find = 'for word do case "$word" in --junit-xml=*) file=${word#*=};; esac; done'
    _tool(tmp_path, "pytest", f'{find}; echo "{report}" > "$file"')
    return tmp_path


def test_the_counts_are_those_of_pytest_s_report(tmp_path: Path) -> None:
    from gates import counted

    (tmp_path / "report.xml").write_text(_REPORT, encoding="utf-8")
    assert counted(tmp_path / "report.xml") == {"passed": 4, "failed": 3, "skipped": 3}


def test_a_run_without_a_report_counts_nothing(tmp_path: Path) -> None:
    from gates import counted

    assert counted(tmp_path / "absent.xml") == {}


def test_all_clean_is_success(tools: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from gates import TESTS, main

    assert main() == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"test: {len(TESTS)} passed, 0 failed, 0 skipped"


@pytest.mark.parametrize("name", ["ruff", "mypy", "lint-imports", "interrogate", "pytest"])
def test_a_tool_that_was_not_installed_is_a_failure(tools: Path, name: str) -> None:
    from gates import main

    (tools / name).unlink()
    assert main() == 1


def test_a_check_that_fails_is_shown_and_the_others_still_run(
    tools: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from gates import TESTS, main

    _tool(tools, "mypy", "echo 'x.py:1: error'; exit 1")
    assert main() == 1
    lines = capsys.readouterr().out.splitlines()
    assert "x.py:1: error" in lines
    counts = f"test: {len(TESTS)} passed, 0 failed, 0 skipped"
    assert lines[-2:] == ["FAILED: types", counts]


def test_a_run_that_found_no_test_is_a_failure(tools: Path) -> None:
    from gates import main

    _tool(tools, "pytest", "exit 5")
    assert main() == 1


def test_every_folder_of_tests_is_run_with_spark() -> None:
    from gates import TESTS

    folders = {"/".join(file.parts[:2]) for file in Path("tests").rglob("test_*.py")}
    assert folders == {each for each in TESTS["tests with Spark"] if each.startswith("tests/")}
