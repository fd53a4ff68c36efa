"""Errors of Auto Loader, read_files, Kafka and other connectors."""

from __future__ import annotations

from millpond.codes.code import Code, ExitStatus

# --- Auto Loader and read_files ---------------------------------------------------------------

CF_UNKNOWN_OPTION_KEYS_ERROR = Code(
    "CF_UNKNOWN_OPTION_KEYS_ERROR",
    "{key!r} is not an option of Auto Loader",
    "Correct or remove it; cloudFiles.validateOptions=false skips this check.",
)
OPTION_WITHOUT_EFFECT = Code(
    "OPTION_WITHOUT_EFFECT",
    "{key!r} is an option of no file format, and has no effect",
    "Did you mean {known!r}?",
)
CF_INVALID_OPTION_VALUE = Code(
    "CF_INVALID_OPTION_VALUE",
    "the option {key} cannot be {value!r}",
    "Allowed: {allowed}.",
)
CF_FORMAT_NOT_SET = Code(
    "CF_FORMAT_NOT_SET",
    "the format of the files in {path!r} is not given",
    "Set {option}: json, csv, text, parquet, ….",
)
CF_OPTION_REQUIRED = Code(
    "CF_OPTION_REQUIRED",
    "{format} files cannot be read without the option {option}",
    "Set {option} to {meaning}.",
)
CF_EMPTY_DIR_FOR_SCHEMA_INFERENCE = Code(
    "CF_EMPTY_DIR_FOR_SCHEMA_INFERENCE",
    "the schema cannot be inferred: there are no {format} files in {path!r}",
    "Put a file there, give a schema, or name the columns in cloudFiles.schemaHints.",
)
CF_PATH_NOT_FOUND = Code(
    "CF_PATH_NOT_FOUND",
    "Auto Loader cannot read {path!r}: it does not exist",
    "Create the folder, or correct the path or its mapping in millpond.yml.",
)
CF_ADD_NEW_NOT_SUPPORTED = Code(
    "CF_ADD_NEW_NOT_SUPPORTED",
    "the schema evolution mode {mode} is not possible when a schema is given",
    "Give the columns as cloudFiles.schemaHints instead of a schema, or choose rescue or none.",
)
CF_FILE_NOT_READABLE = Code(
    "CF_FILE_NOT_READABLE",
    "Auto Loader cannot find the columns of the files in {path!r}: {reason}",
    "Repair or remove the file, or set ignoreCorruptFiles; files whose types disagree can be given a schema.",
    ExitStatus.PIPELINE_FAILED,
)
CF_NEW_COLUMNS = Code(
    "CF_NEW_COLUMNS",
    "the file {file} has columns that are not in the schema: {columns}",
    "Add them to the schema hints, remove the file, or run with --full-refresh.",
    ExitStatus.PIPELINE_FAILED,
)
CF_SCHEMA_NOT_VALID = Code(
    "CF_SCHEMA_NOT_VALID",
    "{what} is not valid: {reason}",
    "Write it as in CREATE TABLE: `id BIGINT, address.city STRING, tags ARRAY<STRING>`.",
)

OPTION_ONLY_ON_DATABRICKS = Code(
    "OPTION_ONLY_ON_DATABRICKS",
    "the option {option} exists on Databricks only",
    "{instead}",
)

# --- Kafka and other connectors ---------------------------------------------------------------

KAFKA_OPTION_MISSING = Code(
    "KAFKA_OPTION_MISSING",
    "Kafka cannot be reached without the option {option}",
    "Give it, as in {option}={example}.",
)
KAFKA_TOPICS_AMBIGUOUS = Code(
    "KAFKA_TOPICS_AMBIGUOUS",
    "the topics are given more than once: {given}",
    "Give exactly one of subscribe, subscribePattern and assign.",
)
JDBC_DRIVER_MISSING = Code(
    "JDBC_DRIVER_MISSING",
    "this machine has no JDBC driver for the database that is read here",
    "Read a few of its rows from a table that millpond.yml maps.",
)
RECORD_FORMAT_NOT_AVAILABLE = Code(
    "RECORD_FORMAT_NOT_AVAILABLE",
    "{function} needs {needs}, which Millpond does not have",
    "Of Avro, give the schema itself (jsonFormatSchema); else write a few of the records to JSON"
    " files, and read these in a file of their own.",
)
FORMAT_NOT_FOUND = Code(
    "FORMAT_NOT_FOUND",
    "no data source is known here by the name {format!r}",
    "A Python data source: call spark.dataSource.register(...) before the read. A connector that"
    " the workspace has: read a few of its rows from a table or path that millpond.yml maps.",
)
FORMAT_ONLY_ON_DATABRICKS = Code(
    "FORMAT_ONLY_ON_DATABRICKS",
    "the format {format!r} exists on Databricks only",
    "{instead}",
)
