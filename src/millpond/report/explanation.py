"""Where rows came from, as text: each step indented below what it led to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from millpond.engine.explanation.outcome import (
    Explanation,
    FlowOrigin,
    FoundInput,
    FoundRow,
    Judgement,
    Origin,
)
from millpond.report.row_text import row_lines, value_text
from millpond.report.text import count, visible

_KINDS = {
    "MATERIALIZED_VIEW": "materialized view",
    "STREAMING_TABLE": "streaming table",
}
_THINGS = {"files": "files", "kafka": "Kafka topic", "event_log": "event log", "stream": "stream"}
_MOST = 4
"""Columns that are named; JSON has all of them."""


def render_explanation(found: Explanation, root: Path | None, width: int) -> str:
    """The explanation as text for a terminal of a width."""
    return "\n".join(_Text(root, width).explanation(found))


class _Text:
    """The lines of one explanation."""

    def __init__(self, root: Path | None, width: int) -> None:
        self._root = root
        self._width = width

    def explanation(self, found: Explanation) -> Iterator[str]:
        key = ", ".join(f"{name}={value}" for name, value in found.key.items())
        kind = _KINDS.get(found.kind, found.kind)
        yield visible(f"{found.table} ({kind}), {key}: {count(found.found, 'row')}")
        yield from self._rows(found.rows, found.found, "  ")
        if not found.found:
            yield "  No row has these values. How far they came:"
        yield from self._origin(found.origin, "  ")

    def _origin(self, origin: Origin, indent: str) -> Iterator[str]:
        for flow in origin.flows:
            yield from self._flow(flow, indent)
        for other in origin.elsewhere:
            where = other.at.shown(self._root)
            yield visible(f"{indent}the same input in {other.dataset}, {where}:")
            for judgement in other.judgements:
                yield from self._judgement(judgement, indent + "  ")

    def _flow(self, flow: FlowOrigin, indent: str) -> Iterator[str]:
        if not flow.note and flow.inputs and all(_is_empty(each) for each in flow.inputs):
            read = ", ".join(each.name for each in flow.inputs)
            yield visible(f"{indent}flow {flow.flow}, {self._at(flow)}: nothing of it in {read}")
            for each in flow.inputs:
                if each.origin is not None:
                    yield from self._origin(each.origin, indent + "  ")
            return
        yield visible(f"{indent}flow {flow.flow}, {self._at(flow)}")
        for name, at in flow.views:
            yield visible(f"{indent}  through {name}, {at.shown(self._root)}")
        if flow.note:
            yield visible(f"{indent}  {flow.note}")
        for each in flow.inputs:
            yield from self._input(each, indent + "  ")

    def _at(self, flow: FlowOrigin) -> str:
        return flow.at.shown(self._root)

    def _input(self, found: FoundInput, indent: str) -> Iterator[str]:
        name = f"{_THINGS[found.kind]} {found.name}" if found.kind in _THINGS else found.name
        if found.version is not None:
            name += f", version {found.version}"
        head = f"{indent}<- {name}"
        if found.found is not None:
            head += f": {count(found.found, 'row' if found.kind != 'files' else 'record')}"
        if found.by and found.found is not None:
            more = f" and {len(found.by) - _MOST} more" if len(found.by) > _MOST else ""
            head += f" by {', '.join(found.by[:_MOST])}{more}"
        yield visible(head)
        if found.note:
            yield visible(f"{indent}   {found.note}")
        yield from self._rows(found.rows, found.found, indent + "   ")
        if found.origin is not None:
            yield from self._origin(found.origin, indent + "   ")

    def _rows(self, rows: tuple[FoundRow, ...], found: int | None, indent: str) -> Iterator[str]:
        for row in rows:
            if row.file is not None:
                place = row.file if row.line is None else f"{row.file}, line {row.line}"
                yield visible(f"{indent}{place}")
            yield from row_lines(row.values, indent, self._width)
            failed = [each for each in row.judgements if not each.holds]
            for each in failed:
                yield from self._judgement(each, indent + "  ")
        if found is not None and found > len(rows) > 0:
            yield f"{indent}and {count(found - len(rows), 'row')} more (--rows)"

    def _judgement(self, found: Judgement, indent: str) -> Iterator[str]:
        saw = ", ".join(f"{name}={value_text(value)}" for name, value in found.saw.items())
        because = f" with {saw}" if saw else ""
        if found.rule is None:
            yield visible(f"{indent}not met: {found.text}{because}").replace("\n", " ")
            return
        where = f", {found.at.shown(self._root)}" if found.at is not None else ""
        yield visible(
            f"{indent}{found.rule} ({found.action}) of {found.dataset} is not met{where}:"
        )
        yield visible(f"{indent}  {found.text}{because}").replace("\n", " ")


def _is_empty(found: FoundInput) -> bool:
    return found.found == 0
