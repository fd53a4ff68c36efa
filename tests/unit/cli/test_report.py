"""`millpond report`: a file from the event log, and the folder it is made from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from millpond.codes import NO_STATE, NO_UPDATE, UPDATE_NOT_FOUND
from millpond.events import Event, Origin, Recorder

WriteLog = Callable[[Path, Iterable[Event]], None]


def a_state(folder: Path) -> Path:
    """A state folder in which nothing ran yet."""
    folder.mkdir(parents=True)
    state = {"project": "/p", "catalog": "main", "schema": "default", "tables": []}
    (folder / "millpond-state.json").write_text(json.dumps(state))
    return folder


@pytest.fixture
def state(project: Path, write_log: WriteLog) -> Path:
    """The state of the project's default target: two updates."""
    folder = a_state(project / ".millpond" / "dev")
    for name in ("aa1", "bb2"):
        events: list[Event] = []
        recorder = Recorder(Origin("p1", "sales", name), [events.append])
        recorder.create_update("USER_ACTION", False, [], [], False, {})
        recorder.update_progress("COMPLETED")
        write_log(folder / "events", events)
    return folder


def test_the_latest_update_in_a_file_of_this_folder(
    cli: Callable, project: Path, state: Path
) -> None:
    result = cli("report").assert_success()
    assert result.out == "millpond-report.html\n"
    text = (project / "millpond-report.html").read_text()
    assert "Update <code>bb2</code>" in text
    assert "With update <code>aa1</code>" in text


def test_another_update_and_place(cli: Callable, project: Path, state: Path) -> None:
    result = cli("report", "--state", str(state), "--update", "aa", "-o", "-").assert_success()
    assert "Update <code>aa1</code>" in result.out
    assert not (project / "millpond-report.html").exists()


def test_an_update_to_compare_with(cli: Callable, project: Path, state: Path) -> None:
    result = cli("report", "--update", "aa", "--compare", "bb", "-o", "-").assert_success()
    assert "With update <code>bb2</code>" in result.out


def test_mistakes(cli: Callable, project: Path, state: Path, tmp_path: Path) -> None:
    result = cli("report", "--update", "zz")
    assert f"error[{UPDATE_NOT_FOUND.name}]" in result.err
    assert result.status == UPDATE_NOT_FOUND.exit
    assert f"error[{NO_STATE.name}]" in cli("report", "--target", "staging").err
    empty = a_state(tmp_path / "empty")
    assert f"error[{NO_UPDATE.name}]" in cli("report", "--state", str(empty)).err
