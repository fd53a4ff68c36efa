"""Clicks, views, purchases and sign-ups by hand: silver, quarantine and hourly statistics."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from handwritten.checks import Checks
from handwritten.lakehouse import Lakehouse

RULES = {
    "readable": "_corrupt_record IS NULL",
    "event_id_present": "event_id IS NOT NULL",
    "user_id_present": "user_id IS NOT NULL",
    "event_timestamp_valid": "event_timestamp IS NOT NULL",
    "event_type_known": "event_type IN ('click', 'view', 'purchase', 'signup')",
    "purchase_has_amount": "event_type IS NULL OR event_type <> 'purchase' OR amount > 0",
}


def silver(lakehouse: Lakehouse) -> dict[str, object]:
    """The events that pass every rule."""
    frame = _checked(lakehouse).drop("source_file", "_corrupt_record", "_rescued_data")
    drop = {name: f"NOT array_contains(failed_rules, '{name}')" for name in RULES}
    checks = Checks(warn={"page_present": "page IS NOT NULL"}, drop=drop)
    return lakehouse.append("silver.silver_events", frame, checks)


def quarantine(lakehouse: Lakehouse) -> dict[str, object]:
    """The events that fail a rule, with the names of the rules."""
    frame = _checked(lakehouse).where("size(failed_rules) > 0")
    frame = frame.withColumn("quarantined_at", F.current_timestamp())
    checks = Checks(fail={"has_a_reason": "size(failed_rules) > 0"})
    return lakehouse.append("silver.quarantine_events", frame, checks)


def hourly(lakehouse: Lakehouse) -> dict[str, object]:
    """Events, users and purchases of each hour and kind of event."""
    frame = (
        lakehouse.read("silver.silver_events")
        .groupBy(F.date_trunc("HOUR", "event_timestamp").alias("hour"), "event_type")
        .agg(
            F.count("*").alias("events"),
            F.countDistinct("user_id").alias("unique_users"),
            F.sum("amount").alias("amount"),
        )
    )
    checks = Checks(fail={"events_counted": "events > 0"})
    return lakehouse.overwrite("gold.gold_hourly_events", frame, checks)


def _checked(lakehouse: Lakehouse) -> DataFrame:
    """Every event, standardised, with the names of the rules it fails."""
    failed = [
        F.when(F.expr(rule), F.lit(None)).otherwise(F.lit(name)) for name, rule in RULES.items()
    ]
    return (
        lakehouse.stream("bronze.bronze_events")
        .select(
            F.expr("nullif(upper(trim(event_id)), '')").alias("event_id"),
            F.expr("nullif(lower(trim(event_type)), '')").alias("event_type"),
            F.expr("nullif(upper(trim(user_id)), '')").alias("user_id"),
            F.try_to_timestamp(F.col("event_timestamp")).alias("event_timestamp"),
            "page",
            F.col("amount").try_cast("decimal(12,2)").alias("amount"),
            "ingestion_timestamp",
            "source_file",
            "_corrupt_record",
            "_rescued_data",
        )
        .withColumn("failed_rules", F.array_compact(F.array(*failed)))
    )
