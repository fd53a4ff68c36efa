"""The rules: a module an area, a class a rule."""

MODULES = (
    "golden",
    "bundle_settings",
    "bundle_compute",
    "bundle_jobs",
    "bundle_values",
    "hard_coded_settings",
    "expectations",
    "python_effects",
    "python_functions",
    "python_frames",
    "python_columns",
    "state_aggregates",
    "state_duplicates",
    "state_joins",
    "state_order",
    "raw_checkpoints",
    "raw_triggers",
    "suppressions",
)
