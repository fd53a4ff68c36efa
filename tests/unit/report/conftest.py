"""A small update of a retail pipeline, as its summary."""

from __future__ import annotations

import pytest

from millpond.events.outcome import DatasetSummary, ExpectationSummary, UpdateSummary


@pytest.fixture
def summary() -> UpdateSummary:
    """Five datasets in three schemas; silver drops rows, and has a quarantine."""
    rule = ExpectationSummary
    return UpdateSummary(
        update_id="u1",
        state="COMPLETED",
        seconds=18.32,
        pipeline_name="retail",
        datasets=(
            DatasetSummary("main.bronze.raw", "STREAMING_TABLE", "COMPLETED", 20113, seconds=4.2),
            DatasetSummary(
                "main.silver.checked",
                "VIEW",
                "COMPLETED",
                expectations=(rule("known_country", "warn", 20101, 12),),
            ),
            DatasetSummary(
                "main.silver.sales",
                "STREAMING_TABLE",
                "COMPLETED",
                19870,
                243,
                expectations=(
                    rule("quantity", "drop", 19870, 243),
                    rule("has_id", "drop", 20113, 0),
                    rule("has_customer", "warn", 20113, 0),
                    rule("never_seen", "fail", 0, 0),
                ),
                seconds=6.1,
            ),
            DatasetSummary(
                "main.silver.quarantine_sales", "STREAMING_TABLE", "COMPLETED", 243, seconds=3
            ),
            DatasetSummary("main.gold.daily", "MATERIALIZED_VIEW", "COMPLETED", 801, seconds=1.4),
        ),
    )
