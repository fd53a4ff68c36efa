"""Updates of a small pipeline as their events, and the page of the latest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from millpond.codes import FLOW_FAILED
from millpond.definitions import Action, DatasetKind, Expectation, FlowKind
from millpond.errors import MillpondError
from millpond.events import DataQuality, Event, ExpectationCount, Metrics, Origin, Recorder
from millpond.events.reader import LogReader
from millpond.location import Span
from millpond.report.html.gather import gather
from millpond.report.html.page import Page

AT = Span(Path("/project/silver.py"), 7, 5, 7, 12)
RAW, SALES, DAILY = "main.bronze.raw", "main.silver.sales", "main.gold.daily"
SCHEMA = '{"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{}}]}'

MakeUpdate = Callable[..., list[Event]]


@pytest.fixture
def make_update() -> MakeUpdate:
    """`make_update("u1", failed=3)`: an update of raw, sales and daily, a second an event."""
    start = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
    made: list[str] = []

    def make(
        name: str,
        *,
        failed: int = 3,
        text: str = "def sales():\n    return rows",
        message: str = "",
        end: str | None = "COMPLETED",
        rule: str = "positive",
        sales: str = SALES,
    ) -> list[Event]:
        made.append(name)
        moments = (start + timedelta(hours=len(made), seconds=each) for each in range(10_000))
        events: list[Event] = []
        recorder = Recorder(
            Origin("p1", "retail", name), [events.append], clock=lambda: next(moments)
        )
        recorder.create_update("USER_ACTION", False, [], [], False, {"channel": "CURRENT"})
        recorder.update_progress("INITIALIZING")
        rules = [Expectation(rule, "amount > 0", Action.DROP, AT)]
        source = {"file": str(AT.file), "line": 6, "text": text}
        for dataset, reads, kind, of in (
            (RAW, [], DatasetKind.STREAMING_TABLE, []),
            (sales, [RAW], DatasetKind.STREAMING_TABLE, rules),
            (DAILY, [sales, "main.outside.rates"], DatasetKind.MATERIALIZED_VIEW, []),
        ):
            streams = kind is DatasetKind.STREAMING_TABLE
            recorder.dataset_definition(dataset, kind, 1, of)
            recorder.flow_definition(
                dataset,
                dataset,
                reads,
                FlowKind.APPEND if streams else FlowKind.COMPLETE,
                "PYTHON",
                None,
                SCHEMA,
                source=source,
            )
        recorder.update_progress("RUNNING")
        recorder.flow_progress(RAW, RAW, "RUNNING", batch_id=0, metrics=Metrics(10))
        recorder.flow_progress(RAW, RAW, "COMPLETED")
        count = ExpectationCount(rule, sales, 10 - failed, failed)
        recorder.flow_progress(
            sales,
            sales,
            "RUNNING",
            batch_id=0,
            metrics=Metrics(10 - failed),
            data_quality=DataQuality(failed, (count,)),
        )
        if message:
            error = MillpondError(FLOW_FAILED, at=AT, flow=sales, error=message)
            recorder.flow_progress(sales, sales, "FAILED", error=error)
            recorder.flow_progress(DAILY, DAILY, "SKIPPED")
        elif end:
            recorder.flow_progress(sales, sales, "COMPLETED")
            recorder.planning_information(DAILY, DAILY, "DATA_HAS_CHANGED")
            recorder.flow_progress(DAILY, DAILY, "COMPLETED", metrics=Metrics(2))
        if end:
            recorder.update_progress(end)
        return events

    return make


@pytest.fixture
def page(tmp_path: Path, write_log: Callable[[Path, Iterable[Event]], None]) -> Callable[..., Page]:
    """`page(events, ...)`: the page of the latest of some updates; `update=` for another."""

    def of(*updates: list[Event], update: str | None = None, compared: str | None = None) -> Page:
        for events in updates:
            write_log(tmp_path / "events", events)
        log = LogReader(tmp_path / "events", tmp_path / "none")
        return gather(log, update, compared, Path("/project"))

    return of
