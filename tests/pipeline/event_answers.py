"""The feed of clicks, views, purchases and sign-ups."""

from __future__ import annotations

from answer_model import Answers, Checks, Row
from answer_values import code, decimal, grouped, hour_of, present, time_of

EVENT_CHECKS: Checks = {
    "readable": lambda row: row["_corrupt_record"] is None,
    "event_id_present": lambda row: row["event_id"] is not None,
    "user_id_present": lambda row: row["user_id"] is not None,
    "event_timestamp_valid": lambda row: row["event_timestamp"] is not None,
    "event_type_known": lambda row: row["event_type"] in {"click", "view", "purchase", "signup"},
    "purchase_has_amount": lambda row: row["event_type"] != "purchase" or (row["amount"] or 0) > 0,
}


def answer_events(answers: Answers) -> None:
    """Answer the datasets of the events feed that come after bronze."""
    checked = [
        {
            "event_id": code(event["event_id"]),
            "event_type": (code(event["event_type"]) or "").lower() or None,
            "user_id": code(event["user_id"]),
            "event_timestamp": time_of(event["event_timestamp"]),
            "page": event["page"],
            "amount": decimal(event["amount"], "0.01"),
            "_corrupt_record": event["_corrupt_record"],
            "rescued": event["rescued"],
        }
        for event in answers.rows["bronze_events"]
    ]
    for row in checked:
        row["failed_rules"] = [name for name, check in EVENT_CHECKS.items() if not check(row)]
    quarantined = [row for row in checked if row["failed_rules"]]
    silver = [
        {name: value for name, value in row.items() if name not in {"_corrupt_record", "rescued"}}
        for row in checked
        if not row["failed_rules"]
    ]
    answers.rows["quarantine_events"] = quarantined
    answers.rows["silver_events"] = silver
    answers.dropped["silver_events"] = len(quarantined)
    checks = {**EVENT_CHECKS, "page_present": present("page")}
    answers.expect("silver_events", checked, checks)
    answers.expect("quarantine_events", quarantined, {"has_a_reason": lambda _: True})
    _answer_hourly_events(answers, silver)


def _answer_hourly_events(answers: Answers, silver: list[Row]) -> None:
    rows = []
    for (hour, kind), group in grouped(
        silver, lambda row: (hour_of(row["event_timestamp"]), row["event_type"])
    ):
        amounts = [row["amount"] for row in group if row["amount"] is not None]
        rows.append(
            {
                "hour": hour,
                "event_type": kind,
                "events": len(group),
                "unique_users": len({row["user_id"] for row in group}),
                "amount": sum(amounts) if amounts else None,
            }
        )
    answers.rows["gold_hourly_events"] = rows
    answers.expect("gold_hourly_events", rows, {"events_counted": lambda _: True})
