"""What bronze keeps: every line and every row of the feeds."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from answer_model import Answers, Row
from answer_values import present

TRANSACTION_TEXTS = (
    "transaction_id",
    "customer_id",
    "product_id",
    "transaction_date",
    "country",
)
CHANGE_TEXTS = ("operation", "table", "timestamp", "primary_key")
EVENT_TEXTS = ("event_id", "event_type", "user_id", "event_timestamp", "page")


def answer_bronze(answers: Answers, landing: Path) -> None:
    """Answer bronze from the files of a landing folder."""
    numbers = {"quantity": int, "unit_price": float}
    transactions = [
        {**arrived, "landing_date": _landing_date(path)}
        for path, line in _lines(landing / "transactions")
        for arrived in [_arrived(line, TRANSACTION_TEXTS, numbers)]
    ]
    _add_surprises(transactions, {*TRANSACTION_TEXTS, *numbers})
    events = [
        _arrived(line, EVENT_TEXTS, {"amount": float}) for _, line in _lines(landing / "events")
    ]
    _add_surprises(events, {*EVENT_TEXTS, "amount"})
    changes = [
        _arrived(line, CHANGE_TEXTS, {"before": dict, "after": dict})
        for _, line in _lines(landing / "customer_changes")
    ]
    _add_surprises(changes, {*CHANGE_TEXTS, "before", "after"})
    feeds = {"transactions": transactions, "events": events, "customer_changes": changes}
    for feed, rows in feeds.items():
        answers.expect(
            f"bronze_{feed}",
            rows,
            {
                "readable": lambda row: row["_corrupt_record"] is None,
                "of_the_expected_types": lambda row: row["rescued"] is None,
            },
        )
        answers.rows[f"bronze_{feed}"] = rows
    for feed in ("products", "customers", "stores"):
        answers.rows[f"bronze_{feed}"] = list(_csv_rows(landing / feed))
    for feed, key in (("products", "product_id"), ("customers", "customer_id")):
        checks = {"key_present": present(key), "of_the_expected_columns": lambda _: True}
        answers.expect(f"bronze_{feed}", answers.rows[f"bronze_{feed}"], checks)
    stores = {"key_present": present("store_id"), "country_present": present("country")}
    answers.expect("bronze_stores", answers.rows["bronze_stores"], stores)


def _lines(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*.json")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield path, line


def _landing_date(path: Path) -> date | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", path.parent.name):
        return None
    return date.fromisoformat(path.parent.name)


def _arrived(line: str, texts: Iterable[str], others: Mapping[str, type]) -> Row:
    """A line as bronze keeps it; `rescued` is the object of what did not fit, without its path."""
    row: Row = dict.fromkeys((*texts, *others, "_corrupt_record", "rescued", "surprises"))
    try:
        event = json.loads(line)
    except json.JSONDecodeError:
        return {**row, "_corrupt_record": line}
    for name in texts:
        row[name] = event.pop(name, None)
    for name, kind in others.items():
        value = event.pop(name, None)
        if isinstance(value, kind) or (kind is float and isinstance(value, int)):
            row[name] = kind(value)
        elif value is not None:
            row["rescued"] = {**(row["rescued"] or {}), name: value}
    row["surprises"] = event
    return row


def _add_surprises(rows: list[Row], known: set[str]) -> None:
    """Columns nobody announced become columns: the first update infers them from the files."""
    names = {name for row in rows for name in row["surprises"] or {}} - known
    for row in rows:
        surprises = row.pop("surprises") or {}
        row.update({name: surprises.get(name) for name in names})


def _csv_rows(folder: Path) -> Iterator[Row]:
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield {name: value or None for name, value in row.items()}
