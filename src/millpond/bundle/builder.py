"""Build values from a YAML parser's events, counting what they would expand to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from millpond.bundle.scalars import resolve_plain
from millpond.bundle.value import Scalar, Value
from millpond.codes import (
    YAML_DUPLICATE_KEY,
    YAML_INVALID,
    YAML_LIMIT_EXCEEDED,
    YAML_TAG_UNSUPPORTED,
)
from millpond.errors import MillpondError
from millpond.location import Span

MAX_DEPTH = 64
"""Levels of nesting; a job's for-each task is some fifteen levels down."""

MAX_SIZE = 30_000
"""Values in one file, aliases counted as often as they are used."""

_TAG = "tag:yaml.org,2002:"
_COLLECTION_TAGS = frozenset((None, "!", _TAG + "map", _TAG + "seq"))
_SCALAR_TAGS = {_TAG + name: name for name in ("str", "int", "float", "bool", "null")}
_MERGE = "<<"


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been reached."""

    at: Span
    is_mapping: bool
    anchor: str | None
    items: list[Value] = field(default_factory=list)
    entries: dict[str, Value] = field(default_factory=dict)
    merges: list[Value] = field(default_factory=list)
    merge_at: Span | None = None
    key: str | None = None
    key_at: Span | None = None
    size: int = 1


class Builder:
    """Takes the events of one document and ends with its root value."""

    def __init__(self, file: Path) -> None:
        self.root = Value(None, Span(file, 1))
        self._file = file
        self._open: list[_Open] = []
        self._anchors: dict[str, Value] = {}
        self._documents = 0
        self._taken = 0

    def take(self, event: Any) -> None:
        """Take the next event.

        Raises:
            MillpondError: YAML_INVALID, YAML_DUPLICATE_KEY, YAML_LIMIT_EXCEEDED or
                YAML_TAG_UNSUPPORTED, at the event.
        """
        self._taken += 1
        at = self._span(event)
        if self._taken > 2 * MAX_SIZE:
            self._refuse(at, "the number of values", MAX_SIZE)
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._scalar(event, at)
        elif kind == "AliasEvent":
            self._alias(event.anchor, at)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._start(event, at, is_mapping=kind == "MappingStartEvent")
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._end()
        elif kind == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                self._fail(at, "a bundle file holds one document, and here a second one starts")

    def _scalar(self, event: Any, at: Span) -> None:
        data = self._scalar_data(event, at)
        holder = self._open[-1] if self._open else None
        if holder is not None and holder.is_mapping and holder.key is None:
            self._key(holder, event.value, data, at, quoted=event.style is not None)
            return
        self._place(Value(data, at, self._key_at(), event.anchor is not None), event.anchor)

    def _scalar_data(self, event: Any, at: Span) -> Scalar:
        if event.tag is None:
            return str(event.value) if event.style else resolve_plain(event.value)
        if event.tag == "!":
            return str(event.value)
        name = _SCALAR_TAGS.get(event.tag)
        if name is None:
            raise MillpondError(YAML_TAG_UNSUPPORTED, at=at, tag=_shown(event.tag))
        if name == "str":
            return str(event.value)
        data = resolve_plain(event.value)
        if name == "float" and isinstance(data, int) and not isinstance(data, bool):
            data = float(data)
        if type(data).__name__ != {"null": "NoneType"}.get(name, name):
            self._fail(at, f"{event.value!r} is not a value of the tag {_shown(event.tag)!r}")
        return data

    def _key(self, holder: _Open, text: str, data: Scalar, at: Span, *, quoted: bool) -> None:
        if text == _MERGE and not quoted:
            if holder.merge_at is not None:
                self._duplicate(at, _MERGE, holder.merge_at)
            holder.merge_at = at
        elif not isinstance(data, str) and data is not None:
            self._fail(at, f"the key {text} is not text; put it in quotes")
        elif text in holder.entries:
            self._duplicate(at, text, holder.entries[text].name_at)
        holder.key, holder.key_at = text, at

    def _alias(self, name: str, at: Span) -> None:
        holder = self._open[-1] if self._open else None
        if holder is not None and holder.is_mapping and holder.key is None:
            self._fail(at, "an alias cannot be a key")
        value = self._anchors.get(name)
        if value is None:
            self._fail(at, f"the alias *{name} has no anchor &{name} before it")
        key_at = self._key_at()
        self._place(value.under(key_at) if key_at else value, None)

    def _start(self, event: Any, at: Span, *, is_mapping: bool) -> None:
        if event.tag not in _COLLECTION_TAGS:
            raise MillpondError(YAML_TAG_UNSUPPORTED, at=at, tag=_shown(event.tag))
        if len(self._open) >= MAX_DEPTH:
            self._refuse(at, "the depth of nesting", MAX_DEPTH)
        holder = self._open[-1] if self._open else None
        if holder is not None and holder.is_mapping and holder.key is None:
            self._fail(at, "a list or mapping cannot be a key")
        self._open.append(_Open(at, is_mapping, event.anchor))

    def _end(self) -> None:
        done = self._open.pop()
        if done.is_mapping:
            merged = {key: value for each in done.merges for key, value in each.mapping.items()}
            value = Value({**merged, **done.entries}, done.at, self._key_at(), bool(done.anchor))
        else:
            value = Value(tuple(done.items), done.at, self._key_at(), bool(done.anchor))
        self._place(value, done.anchor)

    def _place(self, value: Value, anchor: str | None) -> None:
        if value.depth + len(self._open) > MAX_DEPTH:
            self._refuse(value.at, "the depth of nesting", MAX_DEPTH)
        if anchor is not None:
            self._anchors[anchor] = value
        if not self._open:
            self.root = value
            return
        holder = self._open[-1]
        holder.size += value.size
        if holder.size > MAX_SIZE:
            self._refuse(value.at, "the number of values, aliases expanded,", MAX_SIZE)
        if not holder.is_mapping:
            holder.items.append(value)
            return
        if holder.key == _MERGE and holder.key_at == holder.merge_at:
            holder.merges.extend(self._merge_sources(value))
        elif holder.key is not None:
            holder.entries[holder.key] = value
        holder.key = holder.key_at = None

    def _merge_sources(self, value: Value) -> tuple[Value, ...]:
        # Of several sources the later wins, as in the CLI; YAML's own draft has it reversed.
        sources = value.data if isinstance(value.data, tuple) else (value,)
        for source in sources:
            if not isinstance(source.data, Mapping):
                self._fail(value.at, "`<<` takes an alias of a mapping, or a list of such")
        return sources

    def _key_at(self) -> Span | None:
        return self._open[-1].key_at if self._open else None

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        if type(event).__name__ not in ("ScalarEvent", "AliasEvent"):
            return Span(self._file, start.line + 1, start.column + 1)
        return Span(self._file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _fail(self, at: Span, problem: str) -> NoReturn:
        raise MillpondError(YAML_INVALID, at=at, problem=problem)

    def _refuse(self, at: Span, what: str, limit: int) -> NoReturn:
        raise MillpondError(YAML_LIMIT_EXCEEDED, at=at, what=what, limit=limit)

    def _duplicate(self, at: Span, key: str, first: Span) -> NoReturn:
        raise MillpondError(YAML_DUPLICATE_KEY, at=at, key=key, first_line=first.line)


def _shown(tag: str) -> str:
    return "!!" + tag.removeprefix(_TAG) if tag.startswith(_TAG) else tag
