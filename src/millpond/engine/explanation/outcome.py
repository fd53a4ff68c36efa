"""What `millpond explain` found, and its JSON form (docs/json-output.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from millpond.location import Span


@dataclass(frozen=True, slots=True)
class Judgement:
    """A condition or expectation as one row met it, or did not.

    Attributes:
        rule: the expectation's name; None for a condition of the query itself.
        dataset: whose expectation it is.
        action: what a violation does, of an expectation.
        holds: False also where the condition is NULL.
        saw: the values it looked at, by column.
    """

    text: str
    holds: bool
    saw: Mapping[str, Any]
    rule: str | None = None
    dataset: str | None = None
    action: str | None = None
    at: Span | None = None

    @property
    def removes(self) -> bool:
        """Whether the row goes no further for it."""
        return not self.holds and self.action in (None, "drop", "fail")


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row of a table or record of a file.

    Attributes:
        values: its columns; JSON-like values.
        file: of a record, the file that holds it.
        line: the line of that file, where it can be told.
        judgements: what the reader's conditions and expectations say of it.
    """

    values: Mapping[str, Any]
    file: str | None = None
    line: int | None = None
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundInput:
    """Where rows came from, in one input of a flow.

    Attributes:
        kind: `dataset`, `table`, `files`, `kafka`, `event_log`, `stream` or `inline`.
        version: of a Delta table that was read as it was then.
        by: the columns of the reader's row that led to these rows.
        found: how many rows there are; None if they were not looked for.
        rows: the first of them.
        note: what cannot be known, and why.
        origin: where the rows of a dataset of the pipeline came from in turn.
    """

    kind: str
    name: str
    at: Span | None = None
    version: int | None = None
    by: tuple[str, ...] = ()
    found: int | None = None
    rows: tuple[FoundRow, ...] = ()
    note: str | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class FlowOrigin:
    """What one flow read to make the rows.

    Attributes:
        views: the views it reads through.
    """

    flow: str
    at: Span
    views: tuple[tuple[str, Span], ...] = ()
    inputs: tuple[FoundInput, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What became of the same input rows in another table of the pipeline."""

    dataset: str
    at: Span
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """The flows that rows of a dataset may have come from."""

    dataset: str
    at: Span
    flows: tuple[FlowOrigin, ...]
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Rows of a table by a key, and where they came from.

    Attributes:
        found: how many rows of the table have the key.
        rows: the first of them, each with its table's expectations as the row meets them.
    """

    table: str
    kind: str
    key: Mapping[str, str]
    found: int
    rows: tuple[FoundRow, ...]
    origin: Origin

    def to_json(self, relative_to: Path | None) -> dict[str, Any]:
        """The document of `--output json`."""
        return {
            "schema_version": 1,
            "table": self.table,
            "kind": self.kind,
            "key": dict(self.key),
            "found": self.found,
            "rows": [_row(row, relative_to) for row in self.rows],
            "origin": _origin(self.origin, relative_to),
        }


def _origin(origin: Origin, root: Path | None) -> dict[str, Any]:
    return {
        "dataset": origin.dataset,
        "at": origin.at.shown(root),
        "flows": [
            {
                "flow": flow.flow,
                "at": flow.at.shown(root),
                "views": [{"name": name, "at": at.shown(root)} for name, at in flow.views],
                "note": flow.note,
                "inputs": [_input(each, root) for each in flow.inputs],
            }
            for flow in origin.flows
        ],
        "elsewhere": [
            {
                "dataset": each.dataset,
                "at": each.at.shown(root),
                "judgements": [_judgement(found, root) for found in each.judgements],
            }
            for each in origin.elsewhere
        ],
    }


def _input(found: FoundInput, root: Path | None) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "name": found.name,
        "at": found.at.shown(root) if found.at is not None else None,
        "version": found.version,
        "by": list(found.by),
        "found": found.found,
        "rows": [_row(row, root) for row in found.rows],
        "note": found.note,
        "origin": _origin(found.origin, root) if found.origin is not None else None,
    }


def _row(row: FoundRow, root: Path | None) -> dict[str, Any]:
    return {
        "values": dict(row.values),
        "file": row.file,
        "line": row.line,
        "judgements": [_judgement(each, root) for each in row.judgements],
    }


def _judgement(found: Judgement, root: Path | None) -> dict[str, Any]:
    return {
        "condition": found.text,
        "holds": found.holds,
        "saw": dict(found.saw),
        "expectation": found.rule,
        "dataset": found.dataset,
        "action": found.action,
        "at": found.at.shown(root) if found.at is not None else None,
    }
