"""`millpond clean` deletes what a run made, and nothing else ever."""

from __future__ import annotations

import fcntl
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from millpond.engine.state import open_state


@pytest.fixture
def state(project: Path) -> Path:
    """The state of an earlier run of the default target."""
    folder = project / ".millpond" / "dev"
    with open_state(folder, "main", "silver", project):
        (folder / "tables").mkdir()
    return folder


def test_it_deletes_the_state_of_the_default_target(
    cli: Callable, project: Path, state: Path
) -> None:
    result = cli("clean", "--yes").assert_success()
    assert not state.exists()
    assert (project / "src" / "sales.sql").exists()
    assert (result.out, result.err) == ("", f"Deleted {Path('.millpond', 'dev')}.\n")


def test_other_targets_stay(cli: Callable, state: Path) -> None:
    result = cli("clean", "--yes", "--target", "staging").assert_success()
    assert "nothing to delete" in result.err
    assert state.exists()


def test_a_state_folder_elsewhere(cli: Callable, state: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    state.rename(elsewhere)
    cli("clean", "--yes", "--state", str(elsewhere)).assert_success()
    assert not elsewhere.exists()


def test_a_folder_that_we_did_not_make_stays(cli: Callable, project: Path) -> None:
    result = cli("clean", "--yes", "--state", "src")
    assert result.status == 2
    assert "error[STATE_NOT_OURS]" in result.err
    assert (project / "src" / "sales.sql").exists()


@pytest.mark.parametrize(("answer", "stays"), [("n\n", True), ("", True), ("y\n", False)])
def test_it_asks(
    cli: Callable,
    state: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    stays: bool,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    cli("clean")
    assert state.exists() is stays


@pytest.fixture
def update_in_progress(state: Path) -> Iterator[None]:
    """Another process that runs an update there."""
    with (state / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.mark.usefixtures("update_in_progress")
def test_a_state_in_use_stays(cli: Callable, state: Path) -> None:
    result = cli("clean", "--yes")
    assert result.status == 2
    assert "error[STATE_IN_USE]" in result.err
    assert (state / "tables").exists()
