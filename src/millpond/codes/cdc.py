"""Errors of AUTO CDC: its clauses against the columns of its source, its events, its state."""

from __future__ import annotations

from millpond.codes.code import Code, ExitStatus

AUTO_CDC_UNKNOWN_COLUMN = Code(
    "AUTO_CDC_UNKNOWN_COLUMN",
    "AUTO CDC into {target}: {clause} names {column}, and there is no such column in {where}",
    "Columns there: {known}.",
)

AUTO_CDC_KEY_NOT_SELECTED = Code(
    "AUTOCDC_KEY_NOT_IN_SELECTED_SCHEMA",
    "AUTO CDC into {target}: key {column} is not among the columns that reach the target",
    "Keep every key in the column list, and out of the except list.",
)

AUTO_CDC_RESERVED_COLUMN = Code(
    "AUTOCDC_RESERVED_COLUMN_NAME_CONFLICT",
    "AUTO CDC into {target}: the source has a column {column}, a name that AUTO CDC keeps for itself",
    "Rename the column in a view before the flow, or leave it out with the except list.",
)

AUTO_CDC_NOT_ORDERABLE = Code(
    "AUTOCDC_NON_ORDERABLE_SEQUENCE",
    "AUTO CDC into {target}: {clause} is of type {type}, whose values have no order",
    "Use a number, a date, a timestamp, a string, or a struct of these.",
)

AUTO_CDC_NOT_BOOLEAN = Code(
    "AUTO_CDC_NOT_BOOLEAN",
    "AUTO CDC into {target}: {clause} is of type {type}, not boolean",
    "Write a condition, such as operation = 'DELETE'.",
)

AUTO_CDC_NOT_NAMES = Code(
    "AUTO_CDC_NOT_NAMES",
    "AUTO CDC into {target}: the column of columns_to_update is of type {type}, not array<string>",
    "Give a column of the source that holds, for each event, the names of the columns it writes.",
)

AUTO_CDC_NOTHING_SELECTED = Code(
    "AUTO_CDC_NOTHING_SELECTED",
    "AUTO CDC into {target}: {clause} selects no column",
    "Name at least one column that is no key.",
)

AUTO_CDC_FLOWS_DISAGREE = Code(
    "AUTO_CDC_FLOWS_DISAGREE",
    "AUTO CDC into {target}: the {what} of flow {flow} is {second}, of flow {other} {first}",
    "Flows into one target agree on keys, SCD type, sequence type and tracked columns.",
)

AUTO_CDC_STATE_DRIFT = Code(
    "AUTOCDC_INVALID_STATE",
    "AUTO CDC into {target}: its {what} was {before} when the table was filled, and is {now} now",
    "Run with --full-refresh {target} to fill it anew, or go back to what it was.",
)

AUTO_CDC_NULL_KEY = Code(
    "AUTOCDC_MICROBATCH_VALIDATION.NULL_KEY",
    "flow {flow}: {rows} events have no key: {column} is NULL",
    "Filter such rows in a view before the flow (an expectation with drop counts them). Nothing of this batch was applied.",
    ExitStatus.PIPELINE_FAILED,
)

AUTO_CDC_NULL_SEQUENCE = Code(
    "AUTOCDC_MICROBATCH_VALIDATION.NULL_SEQUENCE",
    "flow {flow}: {rows} events have no place in the order: the sequence is NULL",
    "Filter such rows in a view before the flow (an expectation with drop counts them). Nothing of this batch was applied.",
    ExitStatus.PIPELINE_FAILED,
)

AUTO_CDC_WHERE_NOT_MET = Code(
    "AUTO_CDC_WHERE_NOT_MET",
    "flow {flow}: {rows} events do not meet WHERE",
    "WHERE says which part of the target the events concern; it is no filter. Filter in a view before the flow.",
    ExitStatus.PIPELINE_FAILED,
)
