"""The journal: whole events come back, whatever became of the update that wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from millpond.events import Event, Recorder
from millpond.events.journal import Journal, read_journal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal is."""
    return tmp_path / "running.jsonl"


@contextmanager
def journal_of(path: Path, events: list[Event]) -> Iterator[Journal]:
    """A journal with events in it."""
    with closing(Journal(path)) as journal:
        for event in events:
            journal.add(event)
        yield journal


def test_who_looks_on_sees_the_events_of_a_running_update(
    recorder: Recorder, events: list[Event], path: Path
) -> None:
    recorder.update_progress("INITIALIZING")
    recorder.update_progress("RUNNING")
    with journal_of(path, events) as journal:
        assert read_journal(path) == (events, True)
        journal.replace(events[1:])
        assert read_journal(path) == (events[1:], True)
        journal.replace([])
        assert read_journal(path) == ([], True)
    assert not path.exists()


def test_a_killed_update_leaves_its_whole_lines(
    recorder: Recorder, events: list[Event], path: Path
) -> None:
    recorder.update_progress("INITIALIZING")
    recorder.update_progress("RUNNING")
    with journal_of(path, events):
        pass
    with path.open("a") as file:
        file.write('{"id": "torn')
    assert read_journal(path) == (events, False)
    recorder.update_progress("COMPLETED")
    with journal_of(path, events[2:]) as later:
        assert later.left == tuple(events[:2])
        assert read_journal(path) == (events, True)


def test_a_file_that_is_not_there_holds_nothing(path: Path) -> None:
    assert read_journal(path) == ([], False)


def test_what_cannot_be_encoded_is_kept(
    recorder: Recorder, events: list[Event], path: Path
) -> None:
    recorder.flow_progress("f\udcff\u202e", "a\nb", "RUNNING")
    with journal_of(path, events):
        assert read_journal(path) == (events, True)
