"""An event log written as data: a Delta table without Spark."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path

import pytest

from millpond.events import Event, Origin

_NUMBERS = ("org_id", "user_id", "batch_id")


@pytest.fixture
def write_log() -> Callable[[Path, Iterable[Event]], None]:
    """`write_log(path, events)`: append events to the table at a path, as the engine does."""
    import pyarrow as pa
    from deltalake import write_deltalake

    text, number = pa.string(), pa.int64()
    names = [each.name for each in fields(Origin)]
    origin = {name: number if name in _NUMBERS else text for name in names}
    frame = pa.struct(
        {"declaring_class": text, "method_name": text, "file_name": text, "line_number": number}
    )
    exception = pa.struct({"class_name": text, "message": text, "stack": pa.list_(frame)})
    sequence = {"instance": text, "seq_no": number}
    schema = pa.schema(
        {
            "id": text,
            "sequence": pa.struct(
                {"control_plane_seq_no": number, "data_plane_id": pa.struct(sequence)}
            ),
            "origin": pa.struct(origin),
            "timestamp": pa.timestamp("us", "UTC"),
            "message": text,
            "level": text,
            "maturity_level": text,
            "error": pa.struct({"fatal": pa.bool_(), "exceptions": pa.list_(exception)}),
            "details": text,
            "event_type": text,
        }
    )

    def row(event: Event) -> dict[str, object]:
        instance = {"instance": "local", "seq_no": event.sequence}
        return {
            "id": event.id,
            "sequence": {"control_plane_seq_no": event.sequence, "data_plane_id": instance},
            "origin": dict(event.origin),
            "timestamp": event.timestamp,
            "message": event.message,
            "level": event.level,
            "maturity_level": event.maturity_level,
            "error": event.error,
            "details": json.dumps(event.details, default=str),
            "event_type": event.event_type,
        }

    def write(path: Path, events: Iterable[Event]) -> None:
        table = pa.Table.from_pylist([row(event) for event in events], schema)
        write_deltalake(path, table, mode="append")

    return write
