"""What is kept of a long update says the same of it as all of its events."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from millpond import codes
from millpond.definitions import Action, DatasetKind, Expectation, FlowKind
from millpond.errors import MillpondError
from millpond.events import DataQuality, Event, ExpectationCount, Metrics, Origin, Recorder
from millpond.events.kept import KeptEvents
from millpond.events.summary import summarize
from millpond.location import Span

PLACE = Span(Path("a.py"), 1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("batch"), st.integers(0, 5), st.integers(0, 3)),
        st.tuples(st.just("again"), st.integers(0, 5), st.integers(0, 3)),
        st.tuples(st.sampled_from(["IDLE", "FAILED", "STARTING"]), st.just(0), st.just(0)),
    ),
    max_size=40,
)


def recorded(steps: list[tuple[str, int, int]]) -> list[Event]:
    events: list[Event] = []
    recorder = Recorder(Origin("p", "p", "u"), [events.append])
    recorder.create_update("USER_ACTION", False, (), (), False, {})
    rule = Expectation("ok", "true", Action.DROP, PLACE)
    recorder.dataset_definition("t", DatasetKind.STREAMING_TABLE, 1, [rule])
    recorder.flow_definition("t", "t", ["v"], FlowKind.APPEND, "SQL", None)
    recorder.flow_progress("t", "t", "STARTING")
    batch, rows, failed = 0, 0, 0
    for kind, more, bad in steps:
        if kind in ("batch", "again"):
            again = kind == "again"
            rows, failed = (rows + more, failed + bad) if again else (more, bad)
            batch += not again
            counts = (ExpectationCount("ok", "t", rows, failed),)
            quality = DataQuality(failed + rows, counts, {"v": rows} if rows else {})
            numbers = Metrics(num_output_rows=rows)
            recorder.flow_progress(
                "t", "t", "RUNNING", batch_id=batch, metrics=numbers, data_quality=quality
            )
        else:
            error = MillpondError(codes.FLOW_FAILED, flow="t", error="e")
            recorder.flow_progress("t", "t", kind, error=error if kind == "FAILED" else None)
    recorder.update_progress("CANCELED")
    return events


@given(STEPS)
def test_the_summary_is_the_same(steps: list[tuple[str, int, int]]) -> None:
    events, kept = recorded(steps), KeptEvents(most=2)
    for event in events:
        kept.add(event)

    assert summarize(kept.all()) == summarize(events)


def test_a_flow_that_runs_for_days_keeps_a_few_events() -> None:
    kept = KeptEvents(most=5)
    for event in recorded([("batch", 1, 0), ("IDLE", 0, 0)] * 500):
        kept.add(event)

    assert len(kept.all()) < 20
    [dataset] = summarize(kept.all()).datasets[:1]
    assert dataset.rows_written == 500
