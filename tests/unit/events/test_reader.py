"""The log without a JVM: updates and their events, from the table and from the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import pytest

from millpond.events import DataQuality, Event, ExpectationCount, Metrics, Origin, Recorder
from millpond.events.journal import Journal
from millpond.events.reader import LogReader

WriteLog = Callable[[Path, Iterable[Event]], None]


def an_update(name: str, state: str | None, *, dry_run: bool = False) -> list[Event]:
    """The events of an update that ends in a state, or did not end."""
    events: list[Event] = []
    recorder = Recorder(Origin("p1", "retail", name), [events.append])
    recorder.create_update("USER_ACTION", False, [], [], dry_run, {"channel": "CURRENT"})
    recorder.update_progress("RUNNING")
    count = ExpectationCount("known", "c.s.t", 7, 3)
    quality = DataQuality(3, (count,))
    recorder.flow_progress("f", "c.s.t", "RUNNING", batch_id=0, metrics=Metrics(7))
    recorder.flow_progress("f", "c.s.t", "RUNNING", batch_id=1, data_quality=quality)
    if state:
        recorder.update_progress(state)
    return events


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A state folder."""
    return tmp_path


def log(folder: Path) -> LogReader:
    """The log of a state folder."""
    return LogReader(folder / "events", folder / "running.jsonl")


def test_events_come_back_as_they_were(folder: Path, write_log: WriteLog) -> None:
    events = an_update("u1", "COMPLETED")
    write_log(folder / "events", events)
    assert log(folder).events(["u1"]) == events
    assert log(folder).events(["u1"], ["create_update"]) == events[:1]
    assert log(folder).events(["other"]) == []


def test_updates_are_told_the_latest_first(folder: Path, write_log: WriteLog) -> None:
    write_log(folder / "events", an_update("u1", "FAILED"))
    write_log(folder / "events", an_update("u2", "COMPLETED", dry_run=True))
    found = log(folder).updates()
    assert [(each.id, each.state, each.dry_run) for each in found] == [
        ("u2", "COMPLETED", True),
        ("u1", "FAILED", False),
    ]
    assert found[0].pipeline_name == "retail"
    assert found[0].seconds >= 0


def test_a_running_update_is_there_before_the_table_has_it(
    folder: Path, write_log: WriteLog
) -> None:
    write_log(folder / "events", an_update("u1", "COMPLETED"))
    running = an_update("u2", None)
    with closing(Journal(folder / "running.jsonl")) as journal:
        for event in running:
            journal.add(event)
        latest = log(folder).updates()[0]
        assert (latest.id, latest.shown_state, latest.running) == ("u2", "RUNNING", True)
        assert log(folder).events(["u2"]) == running


def test_a_killed_update_is_called_so(folder: Path) -> None:
    with closing(Journal(folder / "running.jsonl")) as journal:
        for event in an_update("u1", None):
            journal.add(event)
    latest = log(folder).updates()[0]
    assert (latest.state, latest.shown_state, latest.running) == ("RUNNING", "KILLED", False)


def test_what_is_in_both_counts_once(folder: Path, write_log: WriteLog) -> None:
    events = an_update("u1", "COMPLETED")
    write_log(folder / "events", events)
    with closing(Journal(folder / "running.jsonl")) as journal:
        for event in events:
            journal.add(event)
        assert log(folder).events(["u1"]) == events


def test_a_folder_without_a_log_has_no_updates(folder: Path) -> None:
    assert log(folder).updates() == ()
