"""How values of the event log read on a page: statuses, kinds, times, types, places."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from millpond.events.event import Event
from millpond.location import Span
from millpond.report.html.dataset import EXTERNAL, DatasetView
from millpond.report.html.flows import Source
from millpond.report.text import count, duration

_TONES = {
    "COMPLETED": "good",
    **dict.fromkeys(("FAILED", "KILLED", "FAIL"), "bad"),
    **dict.fromkeys(("CANCELED", "CANCELLED", "STOPPED", "SKIPPED", "STOPPING", "DROP"), "warn"),
    **dict.fromkeys(
        ("RUNNING", "STARTING", "INITIALIZING", "SETTING_UP_TABLES", "RESETTING"), "busy"
    ),
}
_SIGNS = {"good": "good", "bad": "bad", "busy": "run"}
_OWN_SIGNS = {
    "SKIPPED": "skip",
    **dict.fromkeys(("CANCELED", "CANCELLED", "STOPPED", "STOPPING"), "stop"),
    **dict.fromkeys(("QUEUED", "CREATED", "STARTING", "WAITING_FOR_RESOURCES"), "wait"),
}
_KINDS = {
    "STREAMING_TABLE": ("streaming table", "stream"),
    "MATERIALIZED_VIEW": ("materialized view", "table"),
    "VIEW": ("view", "view"),
    "SINK": ("sink", "sink"),
    EXTERNAL: ("outside table", "outside"),
}
_WIDEST = 100_000
"""Characters of one event's details that are shown."""


def words(status: str) -> str:
    """`SETTING_UP_TABLES` as `Setting up tables`."""
    return status.replace("_", " ").capitalize()


def tone(status: str) -> str:
    """`good`, `bad`, `warn`, `busy` or `idle`, of a status or of an expectation's action."""
    return _TONES.get(status.upper(), "idle")


def sign(status: str) -> str:
    """The symbol of a status, which tells it without its colour."""
    return _OWN_SIGNS.get(status) or _SIGNS.get(tone(status), "none")


def kind(value: str) -> str:
    """A kind of dataset, as people say it."""
    return _KINDS.get(value, (value.replace("_", " ").lower(), ""))[0]


def kind_sign(value: str) -> str:
    """The symbol of a kind of dataset."""
    return _KINDS.get(value, ("", "table"))[1]


def moment(time: datetime) -> str:
    """A date and time of day in UTC."""
    return f"{time.astimezone(timezone.utc):%d %b %Y, %H:%M:%S}"


def clock(time: datetime) -> str:
    """A time of day in UTC, with milliseconds."""
    utc = time.astimezone(timezone.utc)
    return f"{utc:%H:%M:%S}.{utc.microsecond // 1000:03d}"


def clipped(text: str, room: int) -> str:
    """A text in so many characters, the middle of a long one left out: both ends tell names apart.

    >>> clipped("gold_daily_sales_by_country", 15)
    'gold_da…country'
    """
    if len(text) <= room:
        return text
    end = (room - 1) // 2
    return f"{text[: room - 1 - end]}\N{HORIZONTAL ELLIPSIS}{text[-end:]}"


def last_part(name: str) -> str:
    """A name without catalog and schema."""
    return name.split(".", 2)[-1]


def rows(dataset: DatasetView) -> str:
    """What a dataset wrote, in a few words; nothing for a view."""
    summary = dataset.summary
    if summary.unchanged:
        return "unchanged"
    if summary.rows_upserted or summary.rows_deleted:
        gone = f", {count(summary.rows_deleted)} deleted" if summary.rows_deleted else ""
        return f"{count(summary.rows_upserted)} upserted{gone}"
    if summary.kind in ("VIEW", EXTERNAL):
        return ""
    if summary.status != "COMPLETED" and not summary.rows_written:
        return ""
    return count(summary.rows_written, "row")


def type_name(value: object) -> str:
    """A type of Spark's JSON as SQL writes it.

    >>> type_name({"type": "array", "elementType": "long", "containsNull": True})
    'array<bigint>'
    """
    if isinstance(value, str):
        return {"long": "bigint", "integer": "int", "short": "smallint", "byte": "tinyint"}.get(
            value, value
        )
    if not isinstance(value, Mapping):
        return str(value)
    if value.get("type") == "array":
        return f"array<{type_name(value['elementType'])}>"
    if value.get("type") == "map":
        return f"map<{type_name(value['keyType'])}, {type_name(value['valueType'])}>"
    if value.get("type") == "struct":
        inner = (f"{each['name']}: {type_name(each['type'])}" for each in value["fields"])
        return f"struct<{', '.join(inner)}>"
    return str(value.get("type"))


def details(event: Event) -> str:
    """An event's details, its error and its batch, as JSON to read.

    The schema is in it once, not also as text.
    """
    body = {key: value for key, value in event.body.items() if key != "schema_json"}
    shown: dict[str, Any] = {event.event_type: body}
    if event.error is not None:
        shown["error"] = event.error
    if event.origin.get("batch_id") is not None:
        shown["batch_id"] = event.origin["batch_id"]
    text = json.dumps(shown, indent=2, default=str, ensure_ascii=False)
    return text if len(text) <= _WIDEST else text[:_WIDEST] + "\N{HORIZONTAL ELLIPSIS}"


@pass_context
def place(context: Context, at: Span) -> str:
    """`file:line:column`, the file relative to the project."""
    return at.shown(context["page"].project)


@pass_context
def source_place(context: Context, source: Source) -> str:
    """`file:line` of a query, the file relative to the project."""
    return Span(Path(source.file), source.line).shown(context["page"].project).rsplit(":", 1)[0]


FILTERS: Mapping[str, Callable[..., Any]] = {
    "words": words,
    "tone": tone,
    "sign": sign,
    "kind": kind,
    "kind_sign": kind_sign,
    "moment": moment,
    "clock": clock,
    "clipped": clipped,
    "last_part": last_part,
    "rows": rows,
    "type": type_name,
    "details": details,
    "place": place,
    "source_place": source_place,
    "count": count,
    "duration": duration,
}
"""By the names that the templates have for them."""
