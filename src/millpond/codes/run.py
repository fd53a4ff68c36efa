"""Errors while an update runs, and of the state folder."""

from __future__ import annotations

from millpond.codes.code import Code, ExitStatus

QUERY_NOT_VALID = Code(
    "QUERY_NOT_VALID",
    "{dataset}: {condition} {reason}",
    "Spark cannot make sense of the query; correct it at this place.",
)

DATASET_FUNCTION_FAILED = Code(
    "DATASET_FUNCTION_FAILED",
    "the function of {dataset} stopped with {error}",
    "The exception is raised by the code at this line.",
)

PATH_INTO_STRING = Code(
    "PATH_INTO_STRING",
    "a column:path of an expression is into a string, which its text alone does not tell",
    "Write it in selectExpr or SQL, with a cast (column:path::STRING), or as get_json_object(column, '$.path').",
)

EXPECTATION_NOT_VALID = Code(
    "EXPECTATION_NOT_VALID",
    "expectation {name!r} of {dataset} does not resolve: {reason}",
    "An expectation is a boolean SQL expression over the columns of its dataset.",
)

EXPECTATION_NOT_BOOLEAN = Code(
    "EXPECTATION_NOT_BOOLEAN",
    "expectation {name!r} of {dataset} has type {type}, not boolean",
    "Compare it with something: an expectation passes if its expression is true.",
)

EXPECTATION_VIOLATION = Code(
    "EXPECTATION_VIOLATION.VERBOSITY_ALL",
    "Flow '{flow}' failed to meet the expectation. Violated expectations: '{names}'."
    " Input data: '{row}'. Output record: '{row}'. Missing input data: false",
    "Nothing of this batch was written. Mend the data or the rule, then run again.",
    ExitStatus.PIPELINE_FAILED,
)

FLOW_FAILED = Code(
    "FLOW_FAILED",
    "flow {flow} failed: {error}",
    "Mend the query or the data it reads. The other flows were run; the tables that depend on this one were skipped.",
    ExitStatus.PIPELINE_FAILED,
)

SCHEMA_MISMATCH = Code(
    "SCHEMA_MISMATCH",
    "{dataset}: the query does not fit the declared schema: {reason}",
    "Change the query or the declared schema so that columns and types agree.",
)

COMPUTED_COLUMN_NOT_VALID = Code(
    "COMPUTED_COLUMN_NOT_VALID",
    "column {column} of {dataset} cannot be {computation}: {reason}",
    "Mend the definition of the column, or compute it in the dataset's query.",
)

INCOMPATIBLE_SCHEMA_CHANGE = Code(
    "INCOMPATIBLE_SCHEMA_CHANGE",
    "{dataset}: column {column} of the table cannot take what the query now gives: {detail}",
    "Run it with --full-refresh {dataset} to rebuild the table with the new type.",
    ExitStatus.PIPELINE_FAILED,
)

TABLE_NOT_CREATED = Code(
    "TABLE_NOT_CREATED",
    "{name} is read here, but no update has filled it yet",
    "Select it too (`--refresh`), or run the whole pipeline once.",
)

STATE_IN_USE = Code(
    "STATE_IN_USE",
    "another update is running in {state}: {holder}",
    "Wait for it to end, or give this one a folder of its own with --state DIR.",
)

TABLE_OF_ANOTHER_PIPELINE = Code(
    "TABLE_OF_ANOTHER_PIPELINE",
    "{name} belongs to the pipeline {owner}, and a table has one pipeline",
    "Rename one of the two, remove it from the other pipeline and run that once, or give this one a --state DIR of its own.",
)

DATASET_KIND_CHANGED = Code(
    "DATASET_KIND_CHANGED",
    "{name} is a streaming table, and its definition now makes a materialized view of it",
    "Run it with --full-refresh {name} to replace the rows it has gathered, or define it under another name.",
)

RESET_NOT_ALLOWED = Code(
    "RESET_NOT_ALLOWED",
    "--full-refresh names {name}, whose pipelines.reset.allowed is false",
    "Take it out of the selection, or change the table property.",
)

STREAMING_SOURCES_CHANGED = Code(
    "STREAMING_SOURCES_CHANGED",
    "flow {flow} has read {before} so far, and its query now reads {now}; its checkpoint cannot go on from there",
    "Run with --full-refresh {dataset} to rebuild the table, with --reset-checkpoint {flow} to keep its rows and"
    " read the sources from their start, or put the new source into a flow of its own.",
    ExitStatus.PIPELINE_FAILED,
)

STATEFUL_OPERATORS_CHANGED = Code(
    "STREAMING_STATEFUL_OPERATOR_NOT_MATCH_IN_STATE_METADATA",
    "flow {flow}: its aggregations, joins or duplicates' removal changed, and what it remembers of them does not fit: {error}",
    "Run with --full-refresh {dataset} to rebuild the table, or with --reset-checkpoint {flow} to keep its rows and"
    " read the sources from their start.",
    ExitStatus.PIPELINE_FAILED,
)

DIFFERENT_DELTA_TABLE = Code(
    "DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE",
    "flow {flow}: a table it reads as a stream was made anew (by a full refresh, or dropped and created) since its last update",
    "Run with --full-refresh {dataset} to rebuild the table from the new source, or with --reset-checkpoint {flow} to keep its rows"
    " and add all of the new source.",
    ExitStatus.PIPELINE_FAILED,
)

SOURCE_CHANGED_ROWS = Code(
    "DELTA_SOURCE_TABLE_IGNORE_CHANGES",
    "flow {flow}: rows of a table that it reads as a stream were updated or deleted: {error}",
    "A stream takes added rows only: read it with the option skipChangeCommits, read its change data feed, or make"
    " {dataset} a materialized view.",
    ExitStatus.PIPELINE_FAILED,
)

SOURCE_VERSIONS_GONE = Code(
    "DELTA_VERSION_NOT_FOUND",
    "flow {flow}: the history that it has not read yet is gone from a source table (vacuumed, or cleaned up): {error}",
    "Run with --full-refresh {dataset}, or with --reset-checkpoint {flow} to keep its rows and read what the source still holds.",
    ExitStatus.PIPELINE_FAILED,
)

CONFIGURATION_NOT_VALID = Code(
    "CONFIGURATION_NOT_VALID",
    "{key} must be {expected}, not {value!r}",
    "Mend it in the pipeline's configuration.",
)

SPARK_ENDED = Code(
    "SPARK_ENDED",
    "the Java process that runs Spark ended in the middle of the update",
    "Nothing is lost: run again, and it goes on where this one stopped. What Java said is in {log}.",
    ExitStatus.PIPELINE_FAILED,
)

REMOTE_ENDED = Code(
    "REMOTE_ENDED",
    "the Spark Connect server at {url} went away in the middle of the update",
    "Nothing is lost: start it again and run again, and the update goes on where this one stopped.",
    ExitStatus.PIPELINE_FAILED,
)

EVENT_LOG_NOT_FOUND = Code(
    "EVENT_LOG_NOT_FOUND",
    "no pipeline with the id {pipeline!r} ran here, but several others did: {known}",
    "Write event_log(TABLE(name)) with a table that the pipeline fills: it means the same everywhere.",
)

EVENT_LOG_ARGUMENT = Code(
    "EVENT_LOG_ARGUMENT",
    "event_log takes a pipeline's id or TABLE(name), not {found}",
    "Write event_log('id') or event_log(TABLE(catalog.schema.name)).",
)

NO_STATE = Code(
    "NO_STATE",
    "there is no pipeline state in {state}",
    "Run the pipeline first (`millpond run`), or name its folder with --state DIR.",
)

STATE_NOT_READABLE = Code(
    "STATE_NOT_READABLE",
    "{file} is not what Millpond {version} writes: {reason}",
    "If a newer Millpond made the folder, use that one. Else delete the folder, or give this run one of its own with --state DIR.",
)

QUERY_COUNT = Code(
    "QUERY_COUNT",
    "one query is expected, and there are {count}",
    "Give one query; a semicolon may end it.",
)

COLUMN_NOT_STORED = Code(
    "COLUMN_NOT_STORED",
    "the column {column} of {dataset} cannot be stored: {reason}",
    "Leave it out of the query, or convert it to a type that is stored.",
)
CREATE_TABLE_AT_LOCATION = Code(
    "CREATE_TABLE_AT_LOCATION",
    "{name} is created at a LOCATION of its own, which tables that source writes itself do not have here",
    "Leave LOCATION out, for the state folder keeps the table; if it holds data already, map the name under `tables` in millpond.yml.",
)
QUERY_CHANGES = Code(
    "QUERY_CHANGES",
    "{statement} changes something, and only queries are answered here",
    "Ask with SELECT, WITH, TABLE, VALUES, SHOW, DESCRIBE or EXPLAIN; tables change by `millpond run`.",
)
QUERY_FAILED = Code(
    "QUERY_FAILED",
    "the query failed: {reason}",
    "Names are those of the pipeline: table, schema.table or catalog.schema.table.",
)
