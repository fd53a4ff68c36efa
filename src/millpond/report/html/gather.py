"""Gather from the event log what the page of an update shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from millpond import codes
from millpond.errors import MillpondError
from millpond.events.reader import LoggedUpdate, LogReader
from millpond.events.summary import summarize
from millpond.report.html.comparison import compare
from millpond.report.html.dataset import DatasetView, dataset_views
from millpond.report.html.flows import flow_runs
from millpond.report.html.history import history
from millpond.report.html.layout import Layout, layout
from millpond.report.html.page import Page
from millpond.report.html.timeline import timeline

_PAST = 30
"""So many updates are looked back on."""


def gather(
    log: LogReader,
    update: str | None = None,
    compared: str | None = None,
    project: Path | None = None,
    now: datetime | None = None,
) -> Page:
    """The page of an update.

    Args:
        update: the start of an update's id; None for the latest one.
        compared: the start of an id; None for the update before, if there is one.
        now: the time, for an update that is running.

    Raises:
        MillpondError: NO_UPDATE, UPDATE_NOT_FOUND.
    """
    updates = log.updates()
    if not updates:
        raise MillpondError(codes.NO_UPDATE)
    chosen = find_update(updates, update) if update else updates[0]
    # Of one pipeline: a state folder may hold several.
    own = [each for each in updates if each.pipeline_id == chosen.pipeline_id]
    until = own[own.index(chosen) :]
    before = [each for each in until[1:] if not each.dry_run]
    other = find_update(updates, compared) if compared else next(iter(before), None)
    events = log.events([chosen.id])
    summary = summarize(events)
    flows = flow_runs(events)
    datasets = dataset_views(events, summary.datasets, flows)
    end = now if now is not None and chosen.running else chosen.seen
    shown = [each for each in until if not each.dry_run or each is chosen][:_PAST]
    progress = log.events([each.id for each in shown], ["flow_progress"])
    return Page(
        update=chosen,
        summary=summary,
        created=next((e.body for e in events if e.event_type == "create_update"), {}),
        events=events,
        datasets=datasets,
        drawing=_drawing(datasets),
        timeline=timeline(events, flows, end),
        flows=flows,
        comparison=compare(other, log.events([other.id]), events) if other is not None else None,
        past=history(shown[::-1], progress),
        until=end,
        project=project,
    )


def find_update(updates: Sequence[LoggedUpdate], start: str) -> LoggedUpdate:
    """The one update whose id starts so.

    Raises:
        MillpondError: UPDATE_NOT_FOUND, also where several start so.
    """
    found = [each for each in updates if each.id.startswith(start.strip().lower())]
    if len(found) != 1 or not start.strip():
        latest = ", ".join(f"{each.id[:8]} ({each.started:%d %b %H:%M})" for each in updates[:3])
        number = "several updates" if found else "no update"
        raise MillpondError(codes.UPDATE_NOT_FOUND, start=start, number=number, latest=latest)
    return found[0]


def _drawing(datasets: Sequence[DatasetView]) -> Layout:
    place = {each.key: number for number, each in enumerate(datasets)}
    edges = [(place[key], place[each.key]) for each in datasets for key in each.inputs]
    return layout(len(datasets), edges)
