"""The status of a dataset: the worst of its flows, and for a view that of its readers."""

from __future__ import annotations

import pytest

from millpond.events import Event, Recorder
from millpond.events.status import dataset_statuses


def progress(recorder: Recorder, events: list[Event], *statuses: str) -> list[Event]:
    """Events of as many flows as statuses are given; a status `A>B` is a change."""
    first = len(events)
    for number, each in enumerate(statuses):
        for status in each.split(">"):
            recorder.flow_progress(f"f{number}", "t", status)
    return events[first:]


@pytest.mark.parametrize(
    ("flows", "status"),
    [
        (["QUEUED>RUNNING>COMPLETED"], "COMPLETED"),
        (["COMPLETED", "FAILED"], "FAILED"),
        (["SKIPPED", "COMPLETED"], "SKIPPED"),
        (["EXCLUDED", "COMPLETED"], "COMPLETED"),
        (["FAILED>RUNNING>COMPLETED"], "COMPLETED"),
        (["RUNNING", "COMPLETED"], "RUNNING"),
    ],
)
def test_the_worst_of_the_last_statuses(
    recorder: Recorder, events: list[Event], flows: list[str], status: str
) -> None:
    assert dataset_statuses({"t": progress(recorder, events, *flows)}, {}) == {"t": status}


@pytest.mark.parametrize(
    ("readers", "status"),
    [
        (["COMPLETED", "FAILED"], "COMPLETED"),
        (["FAILED", "SKIPPED"], "FAILED"),
        (["EXCLUDED"], "EXCLUDED"),
    ],
)
def test_a_view_has_the_status_of_its_readers(
    recorder: Recorder, events: list[Event], readers: list[str], status: str
) -> None:
    inner = {f"t{n}": progress(recorder, events, each) for n, each in enumerate(readers)}
    inputs = {name: ["view"] for name in inner}
    assert dataset_statuses({"view": [], **inner}, inputs)["view"] == status


def test_a_view_read_through_a_view(recorder: Recorder, events: list[Event]) -> None:
    filled = progress(recorder, events, "COMPLETED")
    inputs = {"outer": ["inner"], "t": ["outer"]}
    statuses = dataset_statuses({"inner": [], "outer": [], "t": filled}, inputs)
    assert statuses == {"inner": "COMPLETED", "outer": "COMPLETED", "t": "COMPLETED"}


def test_a_view_that_nothing_reads_is_idle(recorder: Recorder, events: list[Event]) -> None:
    filled = progress(recorder, events, "COMPLETED")
    assert dataset_statuses({"view": [], "t": filled}, {})["view"] == "IDLE"


def test_what_never_ran_is_queued() -> None:
    statuses = dataset_statuses({"view": [], "t": []}, {"t": ["view"]})
    assert statuses == {"view": "QUEUED", "t": "QUEUED"}
