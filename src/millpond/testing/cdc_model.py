"""The model of AUTO CDC: what a target holds after its changes, applied in sequence order.

No Spark, no batches and no hidden state: the events of a whole feed are sorted and folded. The
engine, which sees them late, twice and in pieces, has to end with the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from millpond.definitions import StoredAs
from millpond.testing.cdc_leaves import (
    Leaf,
    Row,
    leaves_of,
    put_at,
    shape_of,
    value_at,
    without_hollow,
)

Condition = Callable[[Row], "bool | None"]

START_AT, END_AT = "__START_AT", "__END_AT"
SYSTEM_START_AT, SYSTEM_END_AT = "__SYSTEM_START_AT", "__SYSTEM_END_AT"


@dataclass(frozen=True, slots=True)
class Columns:
    """Some columns: those named, or all but those named."""

    names: tuple[str, ...] = ()
    excluded: bool = True

    def of(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Those of the given columns that are meant, in their order."""
        return tuple(name for name in columns if (name in self.names) is not self.excluded)


EVERY_COLUMN = Columns()


@dataclass(frozen=True, slots=True, kw_only=True)
class CdcRules:
    """How changes are applied: the settings of `create_auto_cdc_flow` (reference 1.5).

    Attributes:
        sequence_by: a column of the feed, or several: the fields of a struct.
        system_sequence_by: of bitemporal history, a column of the feed.
        deletes, truncates: a change for which it is true is one; false and None are not.
        columns: of the feed, those that reach the target.
        ignore_null_updates: columns whose NULL in an upsert keeps the stored value; None for none.
        columns_to_update: the column of the feed with the names of the columns a change writes.
        track_history: of SCD type 2, columns whose change makes a new row; keys are left out.
    """

    keys: tuple[str, ...]
    sequence_by: str | tuple[str, ...]
    stored_as: StoredAs = StoredAs.SCD_TYPE_1
    system_sequence_by: str | None = None
    deletes: Condition | None = None
    truncates: Condition | None = None
    columns: Columns = EVERY_COLUMN
    ignore_null_updates: Columns | None = None
    columns_to_update: str | None = None
    track_history: Columns = EVERY_COLUMN


@dataclass(frozen=True, slots=True)
class _Version:
    """A state of a key: its values, and since and until when it holds."""

    values: Row
    start: Any
    end: Any = None


def target_rows(events: Iterable[Row], rules: CdcRules) -> list[dict[str, Any]]:
    """The rows of the target once every event is known, in the order of their keys.

    Args:
        events: in any order, repeated at will. Of two different upserts of one key and sequence,
            which Databricks leaves undefined, the later of the two wins.

    Raises:
        ValueError: an event without a sequence, or a change of no key.
    """
    feed = _Feed(tuple(events), rules)
    if rules.stored_as is StoredAs.SCD_TYPE_1:
        return [dict(last.values) for _, last in feed.current()]
    if rules.stored_as is StoredAs.SCD_TYPE_2:
        return [_stamped(version) for _, history in feed.histories() for version in history]
    return [row for events in feed.by_key().values() for row in _bitemporal(events, feed)]


class _Feed:
    """The events of one feed and what the rules say of each."""

    def __init__(self, events: tuple[Row, ...], rules: CdcRules) -> None:
        self._rules = rules
        self._shape = shape_of(events)
        self.events = events
        for event in events:
            self._check(event)

    def by_key(self) -> dict[tuple[Any, ...], list[Row]]:
        """The changes of each key, truncates left out, in the order of arrival."""
        found: dict[tuple[Any, ...], list[Row]] = {}
        for event in self.events:
            if not self.is_truncate(event):
                key = tuple(event[name] for name in self._rules.keys)
                found.setdefault(key, []).append(event)
        return dict(sorted(found.items(), key=lambda item: _orderable(item[0])))

    def current(self) -> Iterator[tuple[tuple[Any, ...], _Version]]:
        """The open state of each key that has one, truncates applied."""
        truncates = [event for event in self.events if self.is_truncate(event)]
        for key, events in self.by_key().items():
            history = self.history([*events, *truncates])
            if history and history[-1].end is None:
                yield key, history[-1]

    def histories(self) -> Iterator[tuple[tuple[Any, ...], list[_Version]]]:
        """All states of each key."""
        for key, events in self.by_key().items():
            yield key, self.history(events)

    def history(self, events: Iterable[Row]) -> list[_Version]:
        """The states of one key, from its changes and the truncates of the whole table.

        At the same sequence a truncate comes first, so that it spares the upsert; a delete comes
        alone.
        """
        versions: list[_Version] = []
        for moment in _moments(events, self.order):
            sequence = self.sequence(moment[0])
            deleted = any(map(self.is_delete, moment))
            ends = deleted or any(map(self.is_truncate, moment))
            if ends and versions and versions[-1].end is None:
                versions[-1] = replace(versions[-1], end=sequence)
            if not deleted:
                for event in moment:
                    if not self.is_truncate(event):
                        self._upsert(versions, event, sequence)
        return versions

    def _upsert(self, versions: list[_Version], event: Row, sequence: Any) -> None:
        last = versions[-1] if versions and versions[-1].end is None else None
        values = self._written(event, last.values if last else {})
        if last is not None and (last.start == sequence or self._same(values, last.values)):
            versions[-1] = replace(last, values=values)
            return
        if last is not None:
            versions[-1] = replace(last, end=sequence)
        versions.append(_Version(values, sequence))

    def _same(self, one: Row, other: Row) -> bool:
        tracked = self._rules.track_history.of(name for name in one if name not in self._rules.keys)
        return all(one[name] == other[name] for name in tracked)

    def _written(self, event: Row, stored: Row) -> Row:
        """The values of the row that an upsert leaves behind, over those it found."""
        names = self._rules.columns.of(event)
        if self._rules.ignore_null_updates is None and self._rules.columns_to_update is None:
            return {name: event[name] for name in names}
        written: dict[str, Any] = {}
        for name in names:
            for leaf in leaves_of(self._shape[name], (name,)):
                source = event if self._authors(event, leaf) else stored
                put_at(written, leaf, value_at(source, leaf))
        return {name: without_hollow(value) for name, value in written.items()}

    def _authors(self, event: Row, leaf: Leaf) -> bool:
        """Whether an upsert decides the value of a leaf (reference 4.2)."""
        if leaf[0] in self._rules.keys:
            return True
        if self._rules.columns_to_update is not None:
            listed = event[self._rules.columns_to_update]
            prefixes = {".".join(leaf[:length]) for length in range(1, len(leaf) + 1)}
            return listed is None or bool(prefixes.intersection(listed))
        ignored = self._rules.ignore_null_updates
        assert ignored is not None, "one of the two is set"
        return value_at(event, leaf) is not None or not ignored.of(leaf[:1])

    def is_delete(self, event: Row) -> bool:
        """Whether an event removes its key; a truncate is no delete."""
        condition = self._rules.deletes
        return condition is not None and condition(event) is True and not self.is_truncate(event)

    def is_truncate(self, event: Row) -> bool:
        """Whether an event removes every row that is older."""
        return self._rules.truncates is not None and self._rules.truncates(event) is True

    def sequence(self, event: Row) -> Any:
        """The sequence of an event, as it is shown in the target."""
        by = self._rules.sequence_by
        return event[by] if isinstance(by, str) else {name: event[name] for name in by}

    def order(self, event: Row) -> Any:
        """What sorts the events of a key; of bitemporal history the later correction wins."""
        return _orderable(self.sequence(event))

    def system_order(self, event: Row) -> Any:
        """What sorts the events of a key by the time at which they became known."""
        return _orderable(self.system_sequence(event))

    def system_sequence(self, event: Row) -> Any:
        """When an event became known."""
        assert self._rules.system_sequence_by is not None, "history is bitemporal"
        return event[self._rules.system_sequence_by]

    def _check(self, event: Row) -> None:
        if self.sequence(event) is None:
            raise ValueError(f"an event without a sequence: {event}")
        if not self.is_truncate(event) and any(event[key] is None for key in self._rules.keys):
            raise ValueError(f"a change of no key: {event}")


def _bitemporal(events: list[Row], feed: _Feed) -> Iterator[dict[str, Any]]:
    """The rows of one key: each state that was believed, and since and until when it was.

    What is believed at a moment is the history of what was known by then (reference 4.8).
    """
    known: list[Row] = []
    believed: dict[str, tuple[dict[str, Any], Any]] = {}
    for moment in _moments(events, feed.system_order):
        known += moment
        now = feed.system_sequence(moment[0])
        rows = {repr(row): row for row in map(_stamped, feed.history(_corrected(known, feed)))}
        for gone in [text for text in believed if text not in rows]:
            row, since = believed.pop(gone)
            yield {**row, SYSTEM_START_AT: since, SYSTEM_END_AT: now}
        for text, row in rows.items():
            believed.setdefault(text, (row, now))
    for row, since in believed.values():
        yield {**row, SYSTEM_START_AT: since, SYSTEM_END_AT: None}


def _corrected(known: list[Row], feed: _Feed) -> list[Row]:
    """Of several events of one business time, the one that became known last."""
    ordered = sorted(known, key=feed.system_order)
    return list({repr(feed.sequence(event)): event for event in ordered}.values())


def _moments(events: Iterable[Row], order: Callable[[Row], Any]) -> Iterator[list[Row]]:
    """The events in sequence order, those of one sequence together, in the order of arrival."""
    found: dict[Any, list[Row]] = {}
    for event in events:
        found.setdefault(order(event), []).append(event)
    for sequence in sorted(found):
        yield found[sequence]


def _stamped(version: _Version) -> dict[str, Any]:
    return {**version.values, START_AT: version.start, END_AT: version.end}


def _orderable(value: Any) -> Any:
    """A value that sorts as Spark sorts: NULL first, structs field by field."""
    if isinstance(value, Mapping):
        return tuple(_orderable(item) for item in value.values())
    if isinstance(value, tuple):
        return tuple(map(_orderable, value))
    return (0,) if value is None else (1, value)
