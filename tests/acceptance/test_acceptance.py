"""Every folder beside this file is a project, commands, and exactly what they print and return.

A case has `project/`, which is copied and made the current folder; `command`, one command a line
(`millpond`, or `cp`); and `expected.out`, `expected.err` and `expected.exit`. With a file
`without-java`, Java is hidden from it. `MILLPOND_ACCEPT=1 pytest tests/acceptance` writes the
expected files anew: read the difference as someone who has never seen Millpond would.
"""

from __future__ import annotations

import itertools
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from millpond.cli.main import main

HERE = Path(__file__).parent
CASES = sorted(file.parent for file in HERE.glob("*/command"))
ACCEPT = bool(os.environ.get("MILLPOND_ACCEPT"))

WITHOUT_PLACE = {
    "JAVA_NOT_FOUND": "about the machine",
    "NO_STATE": "about a folder",
    "LIBRARY_WITHOUT_SOURCE": "about the folder the command names",
    "UNKNOWN_SELECTION": "about an option of the command",
}
"""Errors that are not about a line the user wrote, and why."""

_SAME_EVERY_TIME = (
    (re.compile(r"^ +\d+\.\d s  ", re.MULTILINE), "  <time>  "),
    (re.compile(r" +\d+\.\d s\b"), " <time>"),
    (re.compile(r"\b\d+\.\d s\b"), "<time>"),
    (re.compile(r'("seconds": )\d+\.\d+'), r"\1<seconds>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<id>"),
)
_PROGRESS = re.compile(r"  <time>  [A-Z]+ +(\S+)")
_COLUMN, _CARETS = re.compile(r"(--> .*:\d+):\d+$", re.MULTILINE), re.compile(r"(\| +)\^+")


@dataclass(frozen=True)
class Printed:
    """What the commands of a case printed and returned, the same for every run."""

    out: str
    err: str
    exit: str

    @classmethod
    def expected(cls, case: Path) -> Printed:
        return cls(*((case / f"expected.{part}").read_text() for part in ("out", "err", "exit")))

    def accept(self, case: Path) -> None:
        for part in ("out", "err", "exit"):
            (case / f"expected.{part}").write_text(getattr(self, part))


def case_of(folder: Path) -> ParameterSet:
    """The case as a parameter; with Java it runs in the process that has a JVM."""
    marks = () if (folder / "without-java").exists() else pytest.mark.spark
    return pytest.param(folder, id=folder.name, marks=marks)


@pytest.mark.parametrize("case", [case_of(case) for case in CASES])
def test_case(
    case: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    if (case / "without-java").exists():
        hide_java(monkeypatch, tmp_path)
    else:
        request.getfixturevalue("spark")
    shutil.copytree(case / "project", tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.setenv("COLUMNS", "100")
    capsys.readouterr()

    printed = run_all((case / "command").read_text().splitlines(), tmp_path, capsys)

    if ACCEPT:
        printed.accept(case)
    expected = Printed.expected(case)
    assert portable(printed.out) == portable(expected.out)
    assert portable(printed.err) == portable(expected.err)
    assert printed.exit == expected.exit


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_every_error_has_a_code_a_place_and_a_hint(case: Path) -> None:
    for error in errors_in((case / "expected.err").read_text()):
        code = error.split("[", 1)[1].split("]", 1)[0]
        assert re.search(r"^hint: \S", error, re.MULTILINE), error
        if code not in WITHOUT_PLACE:
            assert re.search(r"^  --> \S+:\d+:\d+$", error, re.MULTILINE), error
            assert re.search(r"^ +\d+ \| .+\n +\| +\^+$", error, re.MULTILINE), error


def run_all(commands: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Printed:
    """Run the commands one after another; of several, each one's output is under its line."""
    out, err, exits = "", "", ""
    for command in commands:
        program, *arguments = shlex.split(command)
        if program == "cp":
            shutil.copy(*arguments)
            continue
        assert program == "millpond"
        status = main(arguments)
        printed = capsys.readouterr()
        header = f"$ {command}\n" if len(commands) > 1 else ""
        out += header + same_every_time(printed.out, tmp_path)
        err += header + same_every_time(printed.err, tmp_path)
        exits += f"{int(status)}\n"
    return Printed(out, err, exits)


def same_every_time(text: str, tmp_path: Path) -> str:
    """The text without what differs from run to run: folders, times, ids, the order of threads."""
    text = text.replace(str(tmp_path), "<folder>")
    for pattern, replacement in _SAME_EVERY_TIME:
        text = pattern.sub(replacement, text)
    return "".join(in_order(text.splitlines(keepends=True)))


def in_order(lines: list[str]) -> Iterator[str]:
    """Lines of progress by flow between those of the update: flows run side by side."""

    def flow(line: str) -> str:
        found = _PROGRESS.match(line)
        return found.group(1) if found and found.group(1) != "update" else ""

    for concurrent, group in itertools.groupby(lines, key=lambda line: bool(flow(line))):
        run = list(group)
        yield from sorted(run, key=flow) if concurrent else run


def portable(text: str) -> str:
    """The text as far as this Python can know it: before 3.11 code has lines, but no columns."""
    if sys.version_info >= (3, 11):
        return text
    return _CARETS.sub(r"\1^", _COLUMN.sub(r"\1:1", text))


def errors_in(text: str) -> list[str]:
    """The errors and warnings of a text, each from its code to its end."""
    return [
        block
        for block in re.split(r"\n\n|^(?=\$ )", text, flags=re.MULTILINE)
        if re.match(r"(?:error|warning)\[", block)
    ]


def hide_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without Java, and without a session of an earlier test."""
    (tmp_path / "empty").mkdir()
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr("millpond.runtime.java._KNOWN_PLACES", ())
    monkeypatch.setattr("millpond.runtime.slim.runtime", lambda: None)
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", lambda: None)
    monkeypatch.setattr(sys, "prefix", "<folder>/.venv")
