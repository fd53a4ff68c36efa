"""Batches are added up once each, whatever the order and however often they are reported."""

from __future__ import annotations

from datetime import datetime, timezone

from hypothesis import given
from hypothesis import strategies as st

from millpond.events import DataQuality, Event, ExpectationCount, Metrics, Origin, Recorder
from millpond.events.tally import DatasetTally, tally


def batch(recorder: Recorder, rows: int, batch_id: int | None, flow: str = "f") -> None:
    """A batch of a flow into c.s.t that writes rows and drops one."""
    count = ExpectationCount("ok", "c.s.t", rows, 1)
    recorder.flow_progress(
        flow,
        "c.s.t",
        "RUNNING",
        batch_id=batch_id,
        metrics=Metrics(num_output_rows=rows, num_upserted_rows=2, num_deleted_rows=1),
        data_quality=DataQuality(1, (count,)),
    )


def test_batches_and_flows_add_up(recorder: Recorder, events: list[Event]) -> None:
    batch(recorder, 10, 0)
    batch(recorder, 5, 1)
    batch(recorder, 100, 0, flow="other")
    assert tally(events) == {"c.s.t": DatasetTally(115, 3, 6, 3, {"ok": (115, 3)})}


def test_cumulative_reports_of_one_batch_count_once(
    recorder: Recorder, events: list[Event]
) -> None:
    """Reference 0.2, finding 9: max per flow and batch, then the sum."""
    for rows in (2, 7, 10, 10):
        batch(recorder, rows, 0)
    assert tally(events)["c.s.t"].rows_written == 10
    assert tally(events)["c.s.t"].counts == {"ok": (10, 1)}


def test_the_final_event_of_a_materialized_view_counts(
    recorder: Recorder, events: list[Event]
) -> None:
    recorder.flow_progress("m", "c.s.m", "COMPLETED", metrics=Metrics(num_output_rows=12))
    assert tally(events)["c.s.m"].rows_written == 12


def test_a_views_counts_and_drops_are_its_own(recorder: Recorder, events: list[Event]) -> None:
    counts = (ExpectationCount("seen", "c.s.v", 8, 2), ExpectationCount("ok", "c.s.t", 7, 1))
    recorder.flow_progress(
        "f",
        "c.s.t",
        "RUNNING",
        batch_id=0,
        metrics=Metrics(num_output_rows=7),
        data_quality=DataQuality(3, counts, view_drops={"c.s.v": 2}),
    )
    assert tally(events) == {
        "c.s.t": DatasetTally(7, 1, 0, 0, {"ok": (7, 1)}),
        "c.s.v": DatasetTally(0, 2, 0, 0, {"seen": (8, 2)}),
    }


def test_a_flow_without_numbers_has_no_rows(recorder: Recorder, events: list[Event]) -> None:
    recorder.update_progress("RUNNING")
    recorder.flow_progress("f", "c.s.t", "SKIPPED")
    assert tally(events) == {"c.s.t": DatasetTally()}


_REPORTS = st.lists(
    st.tuples(st.sampled_from(["f", "g"]), st.integers(0, 3), st.integers(0, 1000)), max_size=20
)


@given(reports=_REPORTS, data=st.data())
def test_order_and_replays_do_not_matter(
    reports: list[tuple[str, int, int]], data: st.DataObject
) -> None:
    events: list[Event] = []
    recorder = Recorder(
        Origin("p", "p", "u"), [events.append], clock=lambda: datetime.now(timezone.utc)
    )
    for flow, batch_id, rows in reports:
        batch(recorder, rows, batch_id, flow)
    replayed = data.draw(st.permutations(events + events[::2]))
    expected: dict[tuple[str, int], int] = {}
    for flow, batch_id, rows in reports:
        expected[flow, batch_id] = max(rows, expected.get((flow, batch_id), 0))
    assert tally(replayed) == tally(events)
    assert sum(each.rows_written for each in tally(replayed).values()) == sum(expected.values())
