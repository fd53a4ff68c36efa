"""Customers from their change feed, and products from the price lists: now and over time."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from answer_model import Answers, Row
from answer_values import code, grouped, present, time_of

_STATE = ("age_band", "income_band", "household_size", "home_store")
_OPERATIONS = ("INSERT", "UPDATE", "DELETE")


def answer_customers(answers: Answers) -> None:
    """Answer the quarantine of changes, and the customers as they are and as they were."""
    changes = [_checked(row) for row in answers.rows["bronze_customer_changes"]]
    bad = [row for row in changes if row["failed_rules"]]
    kept = ("customer_id", "operation", "changed_at", "failed_rules")
    answers.rows["quarantine_customer_changes"] = [
        {name: row[name] for name in kept} for row in bad
    ]
    answers.expect("quarantine_customer_changes", bad, {"has_a_reason": lambda _: True})
    good = [row for row in changes if not row["failed_rules"]]
    upserts = [row for row in good if row["operation"] != "DELETE"]
    history = [
        row for _, rows in grouped(good, lambda row: row["customer_id"]) for row in _history(rows)
    ]
    answers.rows["dim_customers_history"] = history
    open_rows = [row for row in history if row["__END_AT"] is None]
    names = ("customer_id", *_STATE)
    answers.rows["dim_customers"] = [{name: row[name] for name in names} for row in open_rows]
    checks = {
        "customer_id_present": present("customer_id"),
        "home_store_present": present("home_store"),
    }
    for dataset in ("dim_customers", "dim_customers_history"):
        answers.expect(dataset, upserts, checks)


def _checked(row: Row) -> Row:
    operation = code(row["operation"])
    changed_at = time_of(row["timestamp"])
    rules = {
        "readable": row["_corrupt_record"] is None,
        "customer_id_present": code(row["primary_key"]) is not None,
        "about_customers": row["table"] == "customers",
        "operation_known": operation in _OPERATIONS,
        "changed_at_valid": changed_at is not None,
        "state_present": operation == "DELETE" or row["after"] is not None,
    }
    return {
        "customer_id": code(row["primary_key"]),
        "operation": operation,
        "changed_at": changed_at,
        "failed_rules": [name for name, met in rules.items() if not met],
        **{name: (row["after"] or {}).get(name) for name in _STATE},
    }


def _history(changes: list[Row]) -> Iterator[Row]:
    """The states of one customer; a change that leaves the state as it was makes no row."""
    before: Row | None = None
    for change in sorted(changes, key=lambda row: row["changed_at"]):
        state = {name: change[name] for name in ("customer_id", *_STATE)}
        gone = change["operation"] == "DELETE"
        if before is not None:
            same = not gone and all(before[name] == value for name, value in state.items())
            if same:
                continue
            yield {**before, "__END_AT": change["changed_at"]}
        before = None if gone else {**state, "__START_AT": change["changed_at"], "__END_AT": None}
    if before is not None:
        yield before


def answer_products_over_time(answers: Answers, landing: Path) -> None:
    """Answer the products from one price list to the next."""
    rows: list[Row] = []
    now: dict[str, Row] = {}
    for file in sorted((landing / "price_lists").glob("*.csv")):
        day = date.fromisoformat(file.stem)
        listed = {row["product_id"]: row for row in _products(file)}
        for key, row in list(now.items()):
            if listed.get(key) != {name: row[name] for name in row if not name.startswith("__")}:
                rows.append({**now.pop(key), "__END_AT": day})
        for key, row in listed.items():
            now.setdefault(key, {**row, "__START_AT": day, "__END_AT": None})
    answers.rows["dim_products_history"] = [*rows, *now.values()]


def _products(file: Path) -> Iterator[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            price = Decimal(row["shelf_price"]).quantize(Decimal("0.0001"))
            yield {**{name: value or None for name, value in row.items()}, "shelf_price": price}
