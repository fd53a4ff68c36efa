"""Errors of SQL source."""

from __future__ import annotations

from millpond.codes.code import Code

PARSE_SYNTAX_ERROR = Code(
    "PARSE_SYNTAX_ERROR",
    "found {found}, expected {expected}",
    "Compare the statement with the syntax of CREATE STREAMING TABLE, MATERIALIZED VIEW or FLOW.",
)
SQL_CONFIGURATION_MISSING = Code(
    "SQL_CONFIGURATION_MISSING",
    "${{{key}}} is not in the pipeline's configuration",
    "Add {key!r} to the pipeline's `configuration`, or write SET {key}=...; above this statement.",
)
SQL_STATEMENT_WITHOUT_DEFINITION = Code(
    "SQL_STATEMENT_WITHOUT_DEFINITION",
    "{statement} defines nothing, and pipeline source only defines datasets and flows",
    "Remove the statement, or run it outside the pipeline.",
)
SQL_SOURCE_UNREADABLE = Code(
    "SQL_SOURCE_UNREADABLE",
    "the SQL source cannot be read: {reason}",
    "Pipeline source is text in UTF-8.",
)
DUPLICATE_CLAUSES = Code(
    "DUPLICATE_CLAUSES",
    "{clause} is given twice",
    "Keep one {clause}.",
)
SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED = Code(
    "SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED",
    "PARTITIONED BY and CLUSTER BY exclude each other",
    "Keep CLUSTER BY; it replaces partitioning.",
)
COLUMN_EXPRESSION_NOT_SUPPORTED = Code(
    "COLUMN_EXPRESSION_NOT_SUPPORTED",
    "{what} cannot be part of {where}",
    "Compute the column in the dataset's query instead.",
)
IDENTITY_STEP_IS_ZERO = Code(
    "DELTA_IDENTITY_COLUMNS_ILLEGAL_STEP",
    "the identity column {column} cannot count in steps of 0",
    "Give INCREMENT BY another number.",
)
KEY_COLUMN_NOT_FOUND = Code(
    "KEY_COLUMN_NOT_FOUND",
    "the key names the column {column}, which is not among {known}",
    "Name a column of this table.",
)
COLUMN_ALREADY_EXISTS = Code(
    "COLUMN_ALREADY_EXISTS",
    "the column {column!r} is listed twice",
    "Columns are compared without regard to case; rename one.",
)

CDC_CLAUSES_CONFLICT = Code(
    "CDC_CLAUSES_CONFLICT",
    "{clause} cannot be used with {other}",
    "Remove {clause}, or change {other}.",
)
CDC_SNAPSHOT_IN_SQL = Code(
    "CDC_SNAPSHOT_IN_SQL",
    "AUTO CDC from snapshots has no SQL form",
    "Define it in Python, with create_auto_cdc_from_snapshot_flow.",
)
MANAGED_TABLE_DOES_NOT_SUPPORT_CDC = Code(
    "MANAGED_TABLE_DOES_NOT_SUPPORT_CDC",
    "{table} is made by CREATE TABLE, which takes no {flow} flow",
    "Make it a streaming table: CREATE OR REFRESH STREAMING TABLE.",
)
STREAMING_RELATION_FOR_PERSISTED_VIEW = Code(
    "INVALID_FLOW_QUERY_TYPE.STREAMING_RELATION_FOR_PERSISTED_VIEW",
    "the query of view {target} is a streaming query, but a published view is a batch query",
    "Write CREATE TEMPORARY VIEW, which may stream, or read its sources without STREAM.",
)
INVALID_TEMP_OBJ_REFERENCE = Code(
    "INVALID_TEMP_OBJ_REFERENCE",
    "the published view {view} reads the temporary view {name}, which is not there after the update",
    "Make {view} a temporary view too, make {name} a published view or a materialized view, or write its query here.",
)
EXPECTATION_ON_PUBLISHED_VIEW = Code(
    "EXPECTATION_ON_PUBLISHED_VIEW",
    "view {view} has a constraint, which a published view cannot have",
    "Write CREATE TEMPORARY VIEW, or put the expectation on a table.",
)
EXPECTATION_NOT_SUPPORTED = Code(
    "EXPECTATION_NOT_SUPPORTED",
    "{what} cannot be part of an expectation",
    "An expectation looks at one row: compute it in the dataset's query, and test the column.",
)
SQL_PARAMETER_MISSING = Code(
    "SQL_PARAMETER_MISSING",
    "the parameter :{key} has no value",
    "Add {key!r} to the pipeline's `parameters`, or run with --set {key}=VALUE.",
)
IDENTIFIER_NOT_CONSTANT = Code(
    "IDENTIFIER_NOT_CONSTANT",
    "{text} is no constant string, so the name is not known",
    "IDENTIFIER takes strings, parameters (:name), and those joined by || or concat.",
)
PIVOT_NOT_SUPPORTED = Code(
    "PIVOT_NOT_SUPPORTED",
    "PIVOT is not supported in the query of a dataset",
    "Aggregate with a condition for each value: sum(x) FILTER (WHERE k = 'a') AS a.",
)
FUNCTION_OF_CATALOG = Code(
    "FUNCTION_OF_CATALOG",
    "the function {function} is kept in Unity Catalog, which is not here",
    "Register a function of that name in a Python file of the pipeline for local runs: spark.udf.register('{function}', ...).",
)
DATABRICKS_ONLY_FUNCTION = Code(
    "DATABRICKS_ONLY_FUNCTION",
    "{function} exists on Databricks only: {what}",
    "{instead}",
)
