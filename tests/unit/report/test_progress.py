"""Progress: a line for each change of status, or a live table in a terminal."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from millpond.codes import INVALID_NAME
from millpond.errors import MillpondError
from millpond.events import Metrics, Origin, Recorder
from millpond.report.progress import LiveTable, PlainProgress, progress

START = datetime(2026, 3, 1, tzinfo=timezone.utc)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def recorder(listener: Callable[..., None]) -> Recorder:
    """A recorder whose clock advances half a second an event."""
    moments = (START + timedelta(seconds=tick / 2) for tick in range(10_000))
    return Recorder(Origin("p", "retail", "u"), [listener], clock=lambda: next(moments))


def two_flows(to: Recorder) -> None:
    """One flow that writes two batches, and one that fails."""
    to.create_update("USER_ACTION", False, [], [], False, {})
    to.update_progress("RUNNING")
    to.flow_progress("c.s.a", "c.s.a", "RUNNING")
    for batch_id, rows in enumerate((700, 1000, 1000)):
        metrics = Metrics(num_output_rows=rows)
        to.flow_progress("c.s.a", "c.s.a", "RUNNING", batch_id=min(batch_id, 1), metrics=metrics)
    to.flow_progress("c.s.a", "c.s.a", "COMPLETED")
    error = MillpondError(INVALID_NAME, name="", what="dataset", reason="empty")
    to.flow_progress("c.s.b", "c.s.b", "FAILED", error=error)
    to.update_progress("FAILED")


def test_plain_lines_one_for_each_change() -> None:
    stream = io.StringIO()
    two_flows(recorder(PlainProgress(stream)))
    assert stream.getvalue() == (
        "    0.5 s  RUNNING    update\n"
        "    1.0 s  RUNNING    c.s.a\n"
        "    3.0 s  COMPLETED  c.s.a  1,700 rows\n"
        "    3.5 s  FAILED     c.s.b\n"
        "    4.0 s  FAILED     update\n"
    )


def test_rows_of_a_flow_from_snapshots_which_databricks_does_not_count() -> None:
    stream = io.StringIO()
    to = recorder(PlainProgress(stream))
    to.create_update("USER_ACTION", False, [], [], False, {})
    changed = Metrics(num_upserted_rows=2, num_deleted_rows=1, only_here=True)
    to.flow_progress("c.s.a", "c.s.a", "RUNNING", metrics=changed)
    to.flow_progress("c.s.a", "c.s.a", "COMPLETED")

    assert stream.getvalue().endswith("COMPLETED  c.s.a  3 rows\n")


def test_a_pipe_gets_plain_lines() -> None:
    with progress(io.StringIO()) as listener:
        assert isinstance(listener, PlainProgress)


def test_a_dumb_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with progress(Terminal()) as listener:
        assert isinstance(listener, PlainProgress)


def table_text(table: LiveTable) -> list[str]:
    """The live table as lines."""
    from rich.console import Console

    console = Console(file=io.StringIO(), width=80)
    with console.capture() as captured:
        console.print(table)
    return [re.sub(r" +", " ", line).strip() for line in captured.get().splitlines()]


def test_the_live_table() -> None:
    table = LiveTable(lambda: START + timedelta(seconds=10), room=10)
    two_flows(recorder(table.add))
    assert table_text(table) == [
        "FAILED status rows time",
        "c.s.a COMPLETED 1,700 2.0 s",
        "c.s.b FAILED 0 0.0 s",
    ]


def test_a_running_flow_counts_time() -> None:
    table = LiveTable(lambda: START + timedelta(seconds=10), room=10)
    to = recorder(table.add)
    to.flow_progress("c.s.a", "c.s.a", "QUEUED")
    to.flow_progress("c.s.b", "c.s.b", "RUNNING")
    assert table_text(table)[1:] == ["c.s.a QUEUED 0", "c.s.b RUNNING 0 9.5 s"]


def test_what_is_done_gives_way_when_room_is_short() -> None:
    table = LiveTable(lambda: START + timedelta(seconds=10), room=2)
    to = recorder(table.add)
    for name, status in (("a", "COMPLETED"), ("b", "RUNNING"), ("c", "FAILED"), ("d", "QUEUED")):
        to.flow_progress(name, name, status)
    shown = [line.split()[0] for line in table_text(table)[1:]]
    assert shown == ["b", "c", "and"]


def test_a_terminal_gets_a_live_table_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    with progress(stream) as listener:
        two_flows(recorder(listener))
    assert "c.s.a" in stream.getvalue()
    assert "\x1b[2K" in stream.getvalue()
