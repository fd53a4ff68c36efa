"""Errors of definitions and of the graph they make."""

from __future__ import annotations

from millpond.codes.code import Code

INVALID_NAME = Code(
    "INVALID_NAME",
    "{name!r} is not a valid {what} name: {reason}",
    "A name has one, two or three parts separated by dots; put a part with other characters in backticks.",
)

INVALID_ARGUMENT = Code(
    "INVALID_ARGUMENT",
    "{function}: {argument} must be {expected}, not {value!r}",
    "See the parameters of {function} in the pipeline API reference.",
)

UNKNOWN_ARGUMENT = Code(
    "UNKNOWN_ARGUMENT",
    "{function} has no parameter {argument!r}",
    "See the parameters of {function} in the pipeline API reference.",
)

EXPECTATION_ON_FLOW = Code(
    "EXPECTATION_ON_FLOW",
    "expectation {name!r} is on an append flow into {target}, where it has no effect",
    "Put it on the target: create_streaming_table(..., expect_all=..., expect_all_or_drop=...).",
)

NOT_SUPPORTED_YET = Code(
    "NOT_SUPPORTED_YET",
    "{feature} works on Databricks, and Millpond does not support it yet",
    "Take it out of this run: comment it out, or keep it in a source file that this run does not read.",
)

OUTSIDE_PIPELINE_SOURCE = Code(
    "OUTSIDE_PIPELINE_SOURCE",
    "{feature} was called while no pipeline source was being loaded",
    "Define datasets at the top level of a source file, not inside a dataset function.",
)

DUPLICATE_DATASET = Code(
    "PIPELINE_DUPLICATE_IDENTIFIERS.OUTPUT",
    "dataset {name} is defined twice; the other definition is at {other}",
    "Rename one of the two, or remove it.",
)

DUPLICATE_FLOW = Code(
    "PIPELINE_DUPLICATE_IDENTIFIERS.FLOW",
    "flow {name} is defined twice; the other definition is at {other}",
    "Give one of them another name; a flow's name is the identity of its checkpoint.",
)

DUPLICATE_EXPECTATION = Code(
    "DUPLICATE_EXPECTATION",
    "dataset {dataset} has two expectations named {name!r}",
    "Names of expectations are unique within a dataset; rename one.",
)

FLOW_TARGET_NOT_FOUND = Code(
    "FLOW_TARGET_NOT_FOUND",
    "flow {flow} writes to {target}, which this pipeline does not define{suggestion}",
    "Define the target with create_streaming_table or CREATE OR REFRESH STREAMING TABLE.",
)

DATASET_WITHOUT_FLOW = Code(
    "PIPELINE_DATASET_WITHOUT_FLOW",
    "{name} has no query and no flow fills it",
    "Give it a query, or add an append flow whose target it is.",
)

MATERIALIZED_VIEW_WITH_MULTIPLE_QUERIES = Code(
    "MATERIALIZED_VIEW_WITH_MULTIPLE_QUERIES",
    "flow {flow} writes to {target}, which already has a query of its own and is no streaming table",
    "Only a streaming table takes further flows; make {target} one, or drop the flow.",
)

RUN_EMPTY_PIPELINE = Code(
    "RUN_EMPTY_PIPELINE",
    "the source of pipeline {pipeline!r} defines no dataset ({files} files read)",
    "Check `libraries` in the pipeline's settings, or the folder you named.",
)

GRAPH_CYCLE = Code(
    "PIPELINE_GRAPH_NOT_TOPOLOGICALLY_SORTED",
    "datasets read each other in a circle: {cycle}",
    "Break the circle: one of them has to read something else.",
)

TABLE_OR_VIEW_NOT_FOUND = Code(
    "TABLE_OR_VIEW_NOT_FOUND",
    "{name} is neither defined in this pipeline nor a table of an earlier local run{suggestion}",
    "Check the name; for a table from outside the pipeline, add to {file}:\n  tables:\n    {line}",
)

TABLE_DONE_WITHOUT = Code(
    "TABLE_DONE_WITHOUT",
    "there is no table {name} here, and source that asked for it goes on without it",
    "If Databricks has it, map it under `tables` in millpond.yml; else nothing is wrong.",
)
UNKNOWN_SELECTION = Code(
    "UNKNOWN_SELECTION",
    "{option} names {name!r}, which this pipeline does not define{suggestion}",
    "Datasets of this pipeline: {known}.",
)

BATCH_RELATION_FOR_STREAMING_TABLE = Code(
    "INVALID_FLOW_QUERY_TYPE.BATCH_RELATION_FOR_STREAMING_TABLE",
    "the query of flow {flow} is a batch query, but {target} is a streaming table",
    "Read the source as a stream (spark.readStream, STREAM), or make {target} a materialized view.",
)

STREAMING_RELATION_FOR_MATERIALIZED_VIEW = Code(
    "INVALID_FLOW_QUERY_TYPE.STREAMING_RELATION_FOR_MATERIALIZED_VIEW",
    "the query of {target} is a streaming query, but {target} is a materialized view",
    "Read the source with spark.read (no STREAM), or make {target} a streaming table.",
)

STREAM_READ_OF_BATCH_VIEW = Code(
    "STREAM_READ_OF_BATCH_VIEW",
    "{name} is read as a stream, but the view's own query is a batch query",
    "Read it with spark.read.table, or make the view's query a streaming one.",
)

NOT_A_DATAFRAME = Code(
    "NOT_A_DATAFRAME",
    "the function of {dataset} returned {value}, not a Spark DataFrame",
    "Return the DataFrame from the function (is there a `return`?).",
)

WRITE_TO_DATASET = Code(
    "WRITE_TO_DATASET",
    "{name} may not be written or dropped here: it belongs to {owner}",
    "Only its flows write a dataset: use @append_flow, or write to a table of another name.",
)
STREAM_STARTED_BY_SOURCE = Code(
    "STREAM_STARTED_BY_SOURCE",
    "{call} starts a stream that is no part of the pipeline",
    "Make it a flow: @append_flow into a streaming table, a sink or a foreach_batch_sink; or run it as a job of its own.",
)
FORBIDDEN_IN_DATASET_FUNCTION = Code(
    "FORBIDDEN_IN_DATASET_FUNCTION",
    "{call} may not be called in a dataset function",
    "A dataset function describes a query and returns its DataFrame; Millpond and Databricks run it.",
)
