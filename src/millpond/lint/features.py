"""The functions of the pipeline API in groups (reference 1.1 to 1.8)."""

from __future__ import annotations

TABLES = frozenset({"table", "create_table", "materialized_view"})
VIEWS = frozenset({"temporary_view", "view", "create_view"})
DATASETS = TABLES | VIEWS
FLOWS = frozenset({"append_flow", "replace_flow", "update_flow"})
TARGETS = frozenset(
    {"create_streaming_table", "create_target_table", "create_streaming_live_table"}
)
EXPECTATIONS = frozenset(
    {
        "expect",
        "expect_all",
        "expect_all_or_drop",
        "expect_all_or_fail",
        "expect_or_drop",
        "expect_or_fail",
    }
)
CDC = frozenset({"apply_changes", "create_auto_cdc_flow"})
SNAPSHOT_CDC = frozenset({"apply_changes_from_snapshot", "create_auto_cdc_from_snapshot_flow"})
BATCH_READS = frozenset({"read"})
STREAM_READS = frozenset({"read_stream", "readStream"})
