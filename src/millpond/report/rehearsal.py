"""What a rehearsal of AUTO CDC found, in words."""

from __future__ import annotations

from collections.abc import Iterator

from millpond.engine.rehearsal.outcome import Reason, RehearsalOutcome, TargetOutcome
from millpond.report.text import count

_WHY = {
    Reason.TIE: "these events have the same sequence, so which of them comes last is undefined",
    Reason.UNKNOWN: "no event of this key lacks its place in the order: please report this",
}


def render_rehearsal(outcome: RehearsalOutcome) -> str:
    """The outcome as text."""
    shuffles = f"{count(outcome.shuffles, 'shuffle')} in {outcome.batches} batches each"
    lines: list[str] = []
    for target in outcome.targets:
        lines += _target(target, shuffles, outcome.seed)
    return "\n".join(lines)


def _target(target: TargetOutcome, shuffles: str, seed: int) -> Iterator[str]:
    events = count(target.events, "event")
    if target.nulls is not None:
        yield f"{target.name}: {events}, not rehearsed"
        yield f"  without a sequence: {count(target.nulls.count, 'event')}, such as"
        yield from _indented(target.nulls.events)
        yield "  hint: filter them out before AUTO CDC, or give them a sequence."
        return
    if target.difference is None:
        yield f"{target.name}: {events}, {shuffles}: the same every time"
        if target.ties is not None:
            yield from _ties(target, "  note:")
        return
    found = target.difference
    yield f"{target.name}: {events}, {shuffles}: depends on the order"
    yield f"  {found.key} as the feed is:"
    yield from _indented(found.as_is)
    yield f"  in shuffle {found.shuffle} of seed {seed}:"
    yield from _indented(found.shuffled)
    yield f"  why: {_WHY[found.reason]}"
    if target.ties is not None:
        yield from _ties(target, "  ties:")
        yield "  hint: add a column to the sequence that tells them apart: struct(time, number)."


def _ties(target: TargetOutcome, label: str) -> Iterator[str]:
    assert target.ties is not None
    yield f"{label} {count(target.ties.count, 'sequence')} shared by different events of a key:"
    yield from _indented(target.ties.events)


def _indented(lines: tuple[str, ...]) -> Iterator[str]:
    return (f"    {line}" for line in lines or ("no row",))
