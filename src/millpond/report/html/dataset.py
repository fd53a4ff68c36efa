"""A dataset of an update as the page shows it: its summary, flows, readers and history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from millpond.events.event import Event
from millpond.events.outcome import DatasetSummary, ErrorSummary, ExpectationSummary
from millpond.report.html.flows import FlowRun

EXTERNAL = "EXTERNAL"
"""The kind of what a flow reads and this pipeline does not define."""


@dataclass(frozen=True, slots=True)
class Rule:
    """An expectation: how it was written and what it counted."""

    name: str
    action: str
    expression: str
    passed: int
    failed: int

    @property
    def checked(self) -> int:
        """The rows it saw."""
        return self.passed + self.failed


@dataclass(frozen=True, slots=True)
class DatasetView:
    """A dataset, or a table from outside that a flow reads.

    Attributes:
        key: its id in the page, made of no part of its name.
        inputs, readers: the keys of its neighbours in the graph.
        technique: how a materialized view was brought up to date, and why so.
    """

    key: str
    summary: DatasetSummary
    rules: tuple[Rule, ...] = ()
    flows: tuple[FlowRun, ...] = ()
    inputs: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    technique: str = ""
    errors: tuple[ErrorSummary, ...] = ()

    @property
    def name(self) -> str:
        """Its name in full."""
        return self.summary.name

    @property
    def short(self) -> str:
        """Its name without catalog and schema."""
        return self.name.split(".", 2)[-1]

    @property
    def place(self) -> str:
        """Its catalog and schema."""
        return ".".join(self.name.split(".", 2)[:-1])

    @property
    def columns(self) -> tuple[Mapping[str, Any], ...]:
        """The fields of its schema, as Spark's JSON has them."""
        return next((flow.columns for flow in self.flows if flow.columns), ())

    @property
    def checked(self) -> int:
        """Rows times expectations that saw them."""
        return sum(rule.checked for rule in self.rules)

    @property
    def passed(self) -> int:
        """Of those, how many passed."""
        return sum(rule.passed for rule in self.rules)


def dataset_views(
    update: Sequence[Event], summaries: Sequence[DatasetSummary], flows: Sequence[FlowRun]
) -> tuple[DatasetView, ...]:
    """The datasets of an update in the order of its graph, then what is read from outside."""
    known = {each.name for each in summaries}
    outside = dict.fromkeys(
        name for flow in flows for name in flow.inputs if name not in known and name
    )
    every = [*summaries, *(DatasetSummary(name, EXTERNAL, "") for name in outside)]
    keys = {each.name: f"d{number}" for number, each in enumerate(every, 1)}
    readers: dict[str, list[str]] = {}
    for each in summaries:
        for name in each.inputs:
            readers.setdefault(name, []).append(keys[each.name])
    expressions = _expressions(update)
    techniques = {
        str(event.origin.get("dataset_name")): _technique(event)
        for event in update
        if event.event_type == "planning_information"
    }
    return tuple(
        DatasetView(
            keys[each.name],
            each,
            tuple(_rule(rule, expressions.get(each.name, {})) for rule in each.expectations),
            tuple(flow for flow in flows if flow.dataset == each.name),
            tuple(dict.fromkeys(keys[name] for name in each.inputs if name in keys)),
            tuple(dict.fromkeys(readers.get(each.name, ()))),
            techniques.get(each.name, ""),
            tuple(_errors(update, each.name)),
        )
        for each in every
    )


def _rule(rule: ExpectationSummary, expressions: Mapping[str, str]) -> Rule:
    return Rule(rule.name, rule.action, expressions.get(rule.name, ""), rule.passed, rule.failed)


def _expressions(update: Sequence[Event]) -> dict[str, dict[str, str]]:
    return {
        str(event.origin.get("dataset_name")): {
            each["name"]: each.get("expression", "")
            for each in event.body.get("expectations") or ()
        }
        for event in update
        if event.event_type == "dataset_definition"
    }


def _technique(plan: Event) -> str:
    for each in plan.body.get("technique_information", ()):
        if each.get("is_chosen"):
            issues = [issue["issue_type"] for issue in each.get("incrementalization_issues", ())]
            chosen = str(each["maintenance_type"]).removeprefix("MAINTENANCE_TYPE_")
            return f"{chosen} ({', '.join(issues)})" if issues else chosen
    return ""


def _errors(update: Sequence[Event], dataset: str) -> list[ErrorSummary]:
    found = {
        ErrorSummary.read(details): None
        for event in update
        if event.origin.get("dataset_name") == dataset
        and (details := event.body.get("millpond", {}).get("error")) is not None
    }
    return list(found)
