"""Everything that the page of one update shows, as its templates ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from millpond.events.event import Event
from millpond.events.outcome import DatasetSummary, DifferenceSummary, UpdateSummary
from millpond.events.reader import LoggedUpdate
from millpond.events.tally import DatasetTally
from millpond.location import Span
from millpond.report.html.comparison import Comparison, DatasetChange
from millpond.report.html.dataset import DatasetView, Rule
from millpond.report.html.flows import FlowRun
from millpond.report.html.history import Past
from millpond.report.html.layout import Layout, Point
from millpond.report.html.timeline import Timeline
from millpond.report.text import count, percent

_MOST_EVENTS = 5000
"""More make a page slow; errors and warnings are always shown."""
_RUNTIME = "runtime_details"
_SETTINGS = ("channel", "edition", "target", "continuous", "serverless", "photon", "development")


class Tile(NamedTuple):
    """A number at the head of the page; `tone` is `good`, `warn`, `bad` or nothing."""

    value: str
    what: str
    tone: str = ""


@dataclass(frozen=True)
class Page:
    """One update, the updates around it, and what it differs from an earlier one in.

    Attributes:
        created: the details of its `create_update` event.
        drawing: where `datasets` are drawn, by their order.
        past: the updates of this pipeline up to this one, the earliest first.
        until: the time up to which `update` is shown.
        project: the folder that files are shown relative to.
    """

    update: LoggedUpdate
    summary: UpdateSummary
    created: Mapping[str, Any]
    events: Sequence[Event]
    datasets: tuple[DatasetView, ...]
    drawing: Layout
    timeline: Timeline
    flows: tuple[FlowRun, ...]
    comparison: Comparison | None
    past: tuple[Past, ...]
    until: datetime
    project: Path | None = None

    @property
    def seconds(self) -> float:
        """How long the update took, or has taken so far."""
        return (self.until - self.update.started).total_seconds()

    @property
    def refresh(self) -> str:
        """What was asked for, in words."""
        if self.created.get("validate_only"):
            return "none, definitions only"
        if self.created.get("full_refresh"):
            return "full refresh of all"
        full = self.created.get("full_refresh_selection") or ()
        some = self.created.get("refresh_selection") or ()
        parts = [f"full refresh of {', '.join(full)}"] if full else []
        parts += [f"refresh of {', '.join(some)}"] if some else []
        return "; ".join(parts) or "refresh of all"

    @property
    def settings(self) -> list[tuple[str, str]]:
        """The pipeline's settings that its page on Databricks shows too, and who ran it."""
        config = self.created.get("config") or {}
        found = [(key.capitalize(), _word(config[key])) for key in _SETTINGS if key in config]
        run_as = self.created.get("run_as")
        return [("Run as", str(run_as)), *found] if run_as else found

    @cached_property
    def configured(self) -> list[tuple[str, str]]:
        """All that the update was started with: ids, cause, runtime, then the whole settings.

        Settings within settings have their names joined by dots, as in the bundle's YAML.
        """
        found = [
            ("pipeline id", self.update.pipeline_id),
            ("cause", str(self.created.get("cause"))),
        ]
        runtimes = (e.body.get("dbr_version") for e in self.events if e.event_type == _RUNTIME)
        found += [("runtime", str(each)) for each in runtimes]
        ours = self.created.get("millpond") or {}
        found += [("run by job", str(job.get("name"))) for job in ours.get("jobs") or ()]
        return [*found, *_flattened(self.created.get("config") or {})]

    @property
    def tiles(self) -> list[Tile]:
        """The numbers at the head of the page."""
        shown = [each for each in self.summary.datasets if each.status != "EXCLUDED"]
        failed = sum(each.status == "FAILED" for each in shown)
        done = sum(each.status == "COMPLETED" for each in shown)
        dropped = sum(each.rows_dropped for each in shown)
        rules = [rule for _, rule in self.rules]
        checked = [rule for rule in rules if rule.checked]
        met = sum(not rule.failed for rule in checked)
        tiles = [
            Tile(f"{done}/{len(shown)}", "datasets completed", "bad" if failed else ""),
            Tile(count(sum(each.rows_written for each in shown)), "rows written"),
            Tile(count(dropped), "rows dropped", "warn" if dropped else ""),
        ]
        if rules:
            tone = "" if not checked else "good" if met == len(checked) else "warn"
            tiles.append(Tile(f"{met}/{len(rules)}", "expectations met by all rows", tone))
        errors, warnings = self.summary.errors, self.summary.warnings
        what = "error" if len(errors) == 1 else "errors"
        tiles.append(Tile(count(len(errors)), what, "bad" if errors else ""))
        if warnings:
            what = "warning" if len(warnings) == 1 else "warnings"
            tiles.append(Tile(count(len(warnings)), what, "warn"))
        return tiles

    @cached_property
    def rules(self) -> list[tuple[DatasetView, Rule]]:
        """All expectations with their datasets, those that rows violated first."""
        every = [(dataset, rule) for dataset in self.datasets for rule in dataset.rules]
        return sorted(every, key=lambda each: not each[1].failed)

    @cached_property
    def by_key(self) -> Mapping[str, DatasetView]:
        """The datasets by their keys."""
        return {each.key: each for each in self.datasets}

    @cached_property
    def by_name(self) -> Mapping[str, DatasetView]:
        """The datasets by their names in full."""
        return {each.name: each for each in self.datasets}

    @cached_property
    def curves(self) -> list[tuple[str, str, str]]:
        """The edges: the keys of their ends, and the path of SVG between them."""
        return [
            (self.datasets[a].key, self.datasets[b].key, _path(points))
            for (a, b), points in self.drawing.curves.items()
        ]

    @cached_property
    def differences(self) -> list[tuple[str, list[DifferenceSummary]]]:
        """What works otherwise on Databricks, each feature with the places that use it."""
        found: dict[str, list[DifferenceSummary]] = {}
        for each in self.summary.differences:
            found.setdefault(each.feature, []).append(each)
        return list(found.items())

    def rates(self, dataset: str, rule: str | None) -> list[float | None]:
        """The pass rates of a dataset or one of its expectations over the updates."""
        return [past.rate(dataset, rule) for past in self.past]

    def lookback(self, dataset: str) -> list[tuple[LoggedUpdate, DatasetTally, float | None]]:
        """What the updates that touched a dataset did to it."""
        return [
            (past.update, past.tallies[dataset], past.rate(dataset))
            for past in self.past
            if dataset in past.tallies
        ]

    def changed(self) -> list[DatasetChange]:
        """The datasets that are other than in the earlier update; times do not count."""
        found = self.comparison.datasets if self.comparison is not None else ()
        return [
            each for each in found if each.changes or _numbers(each.before) != _numbers(each.now)
        ]

    def pass_rate(self, dataset: DatasetSummary | None) -> str:
        """Of a dataset, over all its expectations."""
        rules = dataset.expectations if dataset is not None else ()
        passed, failed = sum(each.passed for each in rules), sum(each.failed for each in rules)
        return percent(passed, passed + failed) if passed + failed else "\N{EN DASH}"

    def excerpt(self, at: Span) -> str | None:
        """The source line of an error, as the update saw it; None if that is not known."""
        for flow in self.flows:
            if flow.source is not None and flow.source.file == str(at.file):
                line = dict(flow.source.lines).get(at.line)
                if line is not None:
                    return line
        try:
            written = datetime.fromtimestamp(at.file.stat().st_mtime, timezone.utc)
        except OSError:
            return None
        return at.source_line() if written <= self.until else None

    @cached_property
    def shown_events(self) -> list[Event]:
        """The events of the page."""
        over = len(self.events) - _MOST_EVENTS
        return [
            event
            for number, event in enumerate(self.events)
            if number >= over or event.level in ("ERROR", "WARN")
        ]

    @property
    def left_out(self) -> int:
        """How many events are not shown."""
        return len(self.events) - len(self.shown_events)


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _numbers(dataset: DatasetSummary | None) -> tuple[object, ...] | None:
    if dataset is None:
        return None
    return (
        dataset.status,
        dataset.rows_written,
        dataset.rows_dropped,
        dataset.rows_upserted,
        dataset.rows_deleted,
        dataset.expectations,
    )


def _path(points: Sequence[Point]) -> str:
    """A curve that leaves and enters every dataset level."""
    (x, y), *others = points
    path = [f"M{x:.1f} {y:.1f}"]
    for right, low in others:
        bend = (right - x) / 2
        path.append(f"C{x + bend:.1f} {y:.1f} {right - bend:.1f} {low:.1f} {right:.1f} {low:.1f}")
        x, y = right, low
    return "".join(path)


def _flattened(value: Any, name: str = "") -> list[tuple[str, str]]:
    """Settings as pairs of a name and a text; a list of plain values is one text."""
    if isinstance(value, Mapping):
        parts = [(f"{name}.{key}" if name else str(key), each) for key, each in value.items()]
    elif isinstance(value, list) and any(isinstance(each, (Mapping, list)) for each in value):
        parts = [(f"{name}[{number}]", each) for number, each in enumerate(value)]
    elif isinstance(value, list):
        return [(name, ", ".join(map(_word, value)))]
    else:
        return [(name, _word(value))]
    return [pair for key, each in parts for pair in _flattened(each, key)]
