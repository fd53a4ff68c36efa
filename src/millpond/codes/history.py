"""Errors of the commands that ask what earlier updates did to rows."""

from __future__ import annotations

from millpond.codes.code import Code

EXPLAIN_NOT_A_TABLE = Code(
    "EXPLAIN_NOT_A_TABLE",
    "{name} is {what}, which keeps no rows",
    "Explain a table that reads it or feeds it: {known}.",
)
HISTORY_UNKNOWN_TABLE = Code(
    "HISTORY_UNKNOWN_TABLE",
    "there is no table {name}{suggestion}",
    "Tables: {known}.",
)
HISTORY_UNKNOWN_COLUMN = Code(
    "HISTORY_UNKNOWN_COLUMN",
    "{table} has no column {column}{suggestion}",
    "Columns: {known}.",
)
HISTORY_VALUE_NOT_VALID = Code(
    "HISTORY_VALUE_NOT_VALID",
    "{value!r} is no value of {column}, which is {type}",
    "Write a date as 2026-01-31, a time as 2026-01-31 12:00:00.",
)
EXPLAIN_NEEDS_PLANS = Code(
    "EXPLAIN_NEEDS_PLANS",
    "this Spark session does not show the plans of queries, so rows cannot be followed",
    "Run `millpond explain` without --remote.",
)
HISTORY_UNKNOWN_VERSION = Code(
    "HISTORY_UNKNOWN_VERSION",
    "{table} has no version {version!r}",
    "Give a version ({known}) or the start of the id of an update that changed it.",
)
DIFF_NOTHING = Code(
    "DIFF_NOTHING",
    "no update has written a row to {table} since it was made",
    "Run the pipeline first (`millpond run`).",
)
