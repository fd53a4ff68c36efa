"""Errors of flows from snapshots (reference 1.6, 4.6)."""

from __future__ import annotations

from millpond.codes.code import Code, ExitStatus

STREAMING_RELATION_FOR_SNAPSHOT_FLOW = Code(
    "INVALID_FLOW_QUERY_TYPE.STREAMING_RELATION_FOR_SNAPSHOT_FLOW",
    "flow {flow} compares snapshots, but its source is a stream",
    "Read the source with spark.read; a stream of changes belongs to create_auto_cdc_flow.",
)

SNAPSHOT_NOT_ALONE = Code(
    "SNAPSHOT_NOT_ALONE",
    "{target} is filled from snapshots by flow {flow}, and by another flow",
    "A snapshot deletes every key it lacks, those of another flow too; give each a table of its own.",
)

SNAPSHOT_EXPECTATION = Code(
    "SNAPSHOT_EXPECTATION",
    "the expectation {name} is on {target}, which is filled from snapshots",
    "Databricks supports none there: put it on a view, and give that view as the source.",
)

SNAPSHOT_RESULT = Code(
    "SNAPSHOT_RESULT",
    "the snapshot function of {target} returned {value}",
    "Return (DataFrame, version), or None when there is no newer snapshot.",
    ExitStatus.PIPELINE_FAILED,
)

SNAPSHOT_VERSION = Code(
    "SNAPSHOT_VERSION",
    "the snapshot function of {target} returned the version {value}, {kind}",
    "A version is an int, str, bytes, float, date or datetime, and of one type throughout; after"
    " a change of type run with --full-refresh {target}.",
    ExitStatus.PIPELINE_FAILED,
)

SNAPSHOT_OUT_OF_ORDER = Code(
    "SNAPSHOT_OUT_OF_ORDER",
    "the snapshot function of {target} returned version {version} after version {latest}",
    "Versions ascend: return the first one above the version that is given, or None. The snapshot"
    " was not applied; `millpond.snapshots.outOfOrder` (skip or fail) decides what happens then.",
    ExitStatus.PIPELINE_FAILED,
)

SNAPSHOT_KEY_NOT_FOUND = Code(
    "SNAPSHOT_KEY_NOT_FOUND",
    "the key {key} is no column of the snapshots of {target}",
    "Columns are: {known}.",
)

SNAPSHOT_COLUMN_NOT_FOUND = Code(
    "SNAPSHOT_COLUMN_NOT_FOUND",
    "the history of {column} is to be tracked, and the snapshots of {target} have no such column",
    "Columns are: {known}.",
)

SNAPSHOT_RESERVED_COLUMN = Code(
    "SNAPSHOT_RESERVED_COLUMN",
    "the snapshots of {target} have a column {column}, which SCD type 2 adds itself",
    "Rename it in the source, or drop it.",
)

SNAPSHOT_NULL_KEY = Code(
    "SNAPSHOT_NULL_KEY",
    "a row of the snapshot for {target} has no key: {row}",
    "Filter such rows out of the source, or give them a key. Nothing of this snapshot was applied.",
    ExitStatus.PIPELINE_FAILED,
)

SNAPSHOT_DUPLICATE_KEY = Code(
    "SNAPSHOT_DUPLICATE_KEY",
    "{count} rows of the snapshot for {target} have the key {row}",
    "A snapshot has one row a key: drop the duplicates in the source, or name more key columns."
    " Nothing of this snapshot was applied.",
    ExitStatus.PIPELINE_FAILED,
)

SNAPSHOT_STATE_DRIFT = Code(
    "SNAPSHOT_STATE_DRIFT",
    "{target} was filled with {what} {before}, which is {now} now",
    "Undo the change, or run with --full-refresh {target}, which rebuilds it from the start.",
)
