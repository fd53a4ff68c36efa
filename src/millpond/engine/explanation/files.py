"""Which line of a file a record stands on, for files of lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from millpond.engine.explanation.outcome import FoundRow
from millpond.location import Span

if TYPE_CHECKING:
    from millpond.sources.inputs import LocalInputs

_LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is looked through."""


def line_of(row: FoundRow, inputs: LocalInputs) -> int | None:
    """The only line of the row's file whose fields agree with the row; None if it is not one."""
    path = _local(str(row.file), inputs)
    if path is None or not path.is_file() or path.stat().st_size > _LARGEST:
        return None
    values = {key.casefold(): value for key, value in row.values.items()}
    found = [number for number, record in _records(path) if _agrees(record, values)]
    return found[0] if len(found) == 1 else None


def _local(file: str, inputs: LocalInputs) -> Path | None:
    if file.startswith("file:"):
        return Path(unquote(urlsplit(file).path))
    mount = inputs.mount(file)
    if mount is None:
        return None
    return Path(inputs.path(unquote(file), Span(Path("<file>"), 1)))


def _records(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        if path.suffix.casefold() == ".csv":
            reader = csv.DictReader(lines)
            for record in reader:
                yield reader.line_num, record
            return
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict):
                yield number, record


def _agrees(record: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether every plain field that is a column of the row has the row's value, and one does."""
    compared = [
        (value, values[key.casefold()])
        for key, value in record.items()
        if isinstance(key, str) and key.casefold() in values and _is_plain(value)
    ]
    plain = [(a, b) for a, b in compared if b is not None]
    return bool(plain) and all(_is_same(a, b) for a, b in plain)


def _is_plain(value: Any) -> bool:
    return isinstance(value, (str, int, float, bool))


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one == other
    return _text(one) == _text(other)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
