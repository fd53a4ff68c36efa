"""What a page is made of: the update asked for, the one before it, and what both did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from millpond.codes import NO_UPDATE, UPDATE_NOT_FOUND
from millpond.errors import MillpondError
from millpond.events.reader import LogReader
from millpond.report.html.gather import gather
from millpond.report.html.page import Page

MakeUpdate = Callable[..., Any]
MakePage = Callable[..., Page]
SALES = "main.silver.sales"


def test_the_latest_update_against_the_one_before(page: MakePage, make_update: MakeUpdate) -> None:
    found = page(make_update("u1"), make_update("u2", failed=1))
    assert found.update.id == "u2"
    assert found.comparison is not None
    assert found.comparison.earlier.id == "u1"
    changed = found.changed()
    assert [each.name for each in changed] == [SALES]
    assert changed[0].before is not None
    assert changed[0].now is not None
    assert (changed[0].before.rows_dropped, changed[0].now.rows_dropped) == (3, 1)


def test_the_first_update_is_compared_with_nothing(page: MakePage, make_update: MakeUpdate) -> None:
    assert page(make_update("u1")).comparison is None


def test_an_update_by_the_start_of_its_id(page: MakePage, make_update: MakeUpdate) -> None:
    found = page(
        make_update("aa1"), make_update("ab2"), make_update("c3"), update="ab", compared="c"
    )
    assert found.update.id == "ab2"
    assert found.comparison is not None
    assert found.comparison.earlier.id == "c3"
    assert [past.update.id for past in found.past] == ["aa1", "ab2"]


@pytest.mark.parametrize(("start", "number"), [("a", "several updates"), ("x", "no update")])
def test_a_start_that_is_not_of_one_update(
    page: MakePage, make_update: MakeUpdate, start: str, number: str
) -> None:
    with pytest.raises(MillpondError) as raised:
        page(make_update("aa1"), make_update("ab2"), update=start)
    assert raised.value.code is UPDATE_NOT_FOUND
    assert raised.value.params["number"] == number


def test_no_update_at_all(tmp_path: Path) -> None:
    with pytest.raises(MillpondError) as raised:
        gather(LogReader(tmp_path / "events", tmp_path / "none"))
    assert raised.value.code is NO_UPDATE


def test_quality_over_the_updates(page: MakePage, make_update: MakeUpdate) -> None:
    found = page(make_update("u1"), make_update("u2", failed=0), make_update("u3", failed=10))
    assert found.rates(SALES, "positive") == [0.7, 1.0, 0.0]
    assert [(u.id, t.rows_written) for u, t, _ in found.lookback(SALES)] == [
        ("u1", 7),
        ("u2", 10),
        ("u3", 0),
    ]


def test_what_is_read_from_outside_is_drawn_too(page: MakePage, make_update: MakeUpdate) -> None:
    found = page(make_update("u1"))
    outside = found.by_name["main.outside.rates"]
    assert outside.summary.kind == "EXTERNAL"
    assert outside.readers == (found.by_name["main.gold.daily"].key,)
    assert len(found.curves) == 3


def test_changes_of_definitions(page: MakePage, make_update: MakeUpdate) -> None:
    found = page(make_update("u1"), make_update("u2", text="def sales(): ...", rule="above_zero"))
    changes = {each.name: each.changes for each in found.changed()}
    assert changes[SALES] == (
        "query changed",
        "expectation above_zero added",
        "expectation positive removed",
    )


def test_a_dataset_that_is_new_and_one_that_is_gone(
    page: MakePage, make_update: MakeUpdate
) -> None:
    found = page(make_update("u1"), make_update("u2", sales="main.silver.orders"))
    changes = {each.name: each.changes for each in found.changed()}
    assert changes["main.silver.orders"] == ("new",)
    assert changes[SALES] == ("gone",)


def test_the_line_of_an_error_is_that_of_the_update(
    page: MakePage, make_update: MakeUpdate
) -> None:
    """The file may have been changed since, or be gone."""
    found = page(make_update("u1", message="division by zero", end="FAILED"))
    (error,) = found.summary.errors
    assert error.at is not None
    assert found.excerpt(error.at) == "    return rows"


def test_bars_of_the_timeline_are_within_the_whole(page: MakePage, make_update: MakeUpdate) -> None:
    found = page(make_update("u1"))
    assert [bar.name for bar in found.timeline.phases] == ["INITIALIZING", "RUNNING"]
    assert [bar.name for bar in found.timeline.flows] == [
        "main.bronze.raw",
        SALES,
        "main.gold.daily",
    ]
    for bar in (*found.timeline.phases, *found.timeline.flows):
        assert 0 <= bar.start <= bar.start + bar.width <= 100.2
    assert found.timeline.ticks[0] == (0, "0 s")


def test_the_backlog_that_was_told_last(page: MakePage, make_update: MakeUpdate) -> None:
    """A flow may tell its backlog beside its batches; that is no batch."""
    events = make_update("u1")
    told = [each for each in events if each.body.get("metrics") and each.origin["batch_id"] == 0]
    details = {"flow_progress": {"status": "RUNNING", "metrics": {"backlog_files": 3}}}
    origin = {**told[0].origin, "batch_id": None}
    more = replace(told[0], id="more", origin=origin, details=details)
    found = page([*events, replace(more, sequence=events[-1].sequence + 1)])
    flow = found.by_name["main.bronze.raw"].flows[0]
    assert flow.backlog == "3 files"
    assert [batch.number for batch in flow.batches] == [0]


def test_settings_are_told_one_by_one(page: MakePage, make_update: MakeUpdate) -> None:
    events = make_update("u1")
    config = {
        "tags": {"team": "data"},
        "libraries": [{"glob": {"include": "src/**"}}],
        "photon": True,
        "notifications": [{"alerts": ["on-flow-failure", "on-update-failure"]}],
    }
    created = {**events[0].body, "config": config, "millpond": {"jobs": [{"name": "nightly"}]}}
    first = replace(events[0], details={"create_update": created})
    found = page([first, *events[1:]]).configured
    assert found[:2] == [("pipeline id", "p1"), ("cause", "USER_ACTION")]
    assert ("run by job", "nightly") in found
    assert found[-4:] == [
        ("tags.team", "data"),
        ("libraries[0].glob.include", "src/**"),
        ("photon", "yes"),
        ("notifications[0].alerts", "on-flow-failure, on-update-failure"),
    ]
