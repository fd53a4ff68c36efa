"""Errors of the Python API, and of what flows and sinks may do."""

from __future__ import annotations

from millpond.codes.code import Code, ExitStatus

CANNOT_SET_TOGETHER = Code(
    "CANNOT_SET_TOGETHER",
    "{function}: {first} and {second} exclude each other",
    "Keep one of the two.",
)

ARGUMENT_NOT_ALLOWED = Code(
    "ARGUMENT_NOT_ALLOWED",
    "{function}: {argument} {reason}",
    "Remove {argument}, or change what it depends on.",
)

DEPRECATED_NAME = Code(
    "DEPRECATED_NAME",
    "{old} is deprecated; it is run as {new}",
    "Write {new}, which takes the same arguments.",
)

STREAMING_RELATION_FOR_ONCE_FLOW = Code(
    "INVALID_FLOW_QUERY_TYPE.STREAMING_RELATION_FOR_ONCE_FLOW",
    "the query of flow {flow} is a streaming query, but the flow runs once",
    "Read the source with spark.read (no STREAM), or take `once` away.",
)

STREAMING_RELATION_FOR_REPLACE_WHERE = Code(
    "INVALID_FLOW_QUERY_TYPE.STREAMING_RELATION_FOR_REPLACE_WHERE",
    "the query of flow {flow} is a streaming query, but REPLACE WHERE needs a batch query",
    "Read the source with spark.read (no STREAM).",
)

UPDATE_FLOW_TARGET = Code(
    "UPDATE_FLOW_TARGET",
    "update flow {flow} writes to {target}, which is {kind}",
    "An update flow writes to a sink that is not Delta; use an append flow, or another sink.",
)

SINK_FLOW_KIND = Code(
    "SINK_FLOW_KIND",
    "flow {flow} into the sink {target} is a {kind} flow",
    "Only append and update flows write to a sink.",
)

SINK_INVALID = Code(
    "SINK_INVALID",
    "the sink {sink} {reason}",
    "See create_sink in the pipeline API reference.",
)

SINK_FORMAT_UNKNOWN = Code(
    "SINK_FORMAT_UNKNOWN",
    "the sink {sink} is of the format {format}, which Spark does not know",
    "It is delta, kafka, or the name of a Python data source that the source registers with spark.dataSource.register; other formats need their jar, or a foreach_batch_sink.",
)

KAFKA_SINK_COLUMNS = Code(
    "KAFKA_SINK_COLUMNS",
    "flow {flow} writes to Kafka, and its query has {problem}",
    "Give each record as value (for example to_json(struct(*))), its key as key if it has one, and the topic as an option of the sink or a column.",
)

DUPLICATE_SINK = Code(
    "PIPELINE_DUPLICATE_IDENTIFIERS.SINK",
    "the sink {name} has the name of another sink or dataset, at {other}",
    "Names of sinks are unique over all files of a pipeline; rename one of the two.",
)

REPLACE_USING_NOT_ALONE = Code(
    "REPLACE_USING_NOT_ALONE",
    "{target} is filled by the REPLACE USING flow {flow} and by another flow",
    "A REPLACE USING flow is the only one of its target; remove the other, or give it a table.",
)

AUTO_CDC_TARGET = Code(
    "AUTO_CDC_TARGET",
    "{target} is the target of AUTO CDC, and flow {flow} writes to it too",
    "A target of AUTO CDC takes AUTO CDC flows only; let {flow} write to a table of its own.",
)

REPLACE_WHERE_MISMATCH = Code(
    "DELTA_REPLACE_WHERE_MISMATCH",
    "flow {flow}: the query gives rows that do not match the predicate: {predicate}",
    "Filter the query by the same predicate; nothing of {target} was replaced.",
    ExitStatus.PIPELINE_FAILED,
)

EVENT_HOOK_FAILED = Code(
    "EVENT_HOOK_FAILED",
    "the event hook {hook} failed: {error}",
    "The update goes on; the exception is raised by the code at this line.",
)

EVENT_HOOK_DISABLED = Code(
    "EVENT_HOOK_DISABLED",
    "the event hook {hook} failed {failures} times in a row and is not called any more",
    "Mend it, or raise max_allowable_consecutive_failures; the next update calls it again.",
)

REHEARSE_NOTHING = Code(
    "REHEARSE_NOTHING",
    "no table of this pipeline is filled by AUTO CDC",
    "Only targets of create_auto_cdc_flow or AUTO CDC INTO have events to shuffle.",
)
