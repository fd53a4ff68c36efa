"""Errors of the bundle: its YAML, settings, targets, variables, pipelines and their source."""

from __future__ import annotations

from millpond.codes.code import Code

# --- YAML -------------------------------------------------------------------------------------

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

# --- configuration ----------------------------------------------------------------------------

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
BUNDLE_KEY_UNKNOWN = Code(
    "BUNDLE_KEY_UNKNOWN",
    "the {field} {name!r} is not defined in {where}",
    "Defined there: {known}.",
)
BUNDLE_TASK_CYCLE = Code(
    "BUNDLE_TASK_CYCLE",
    "tasks of the job {job!r} wait for each other: {tasks}",
    "Take one of their `depends_on` away.",
)
BUNDLE_PATTERN_EMPTY = Code(
    "BUNDLE_PATTERN_EMPTY",
    "the pattern {pattern!r} matches no file",
    "Correct it or remove it; a pattern is relative to the file it stands in.",
)
BUNDLE_SYNC_EMPTY = Code(
    "BUNDLE_SYNC_EMPTY",
    "no file of the bundle would be deployed",
    "Look at .gitignore and at `sync.include` and `sync.exclude`.",
)
BUNDLE_PYTHON_NOT_RUN = Code(
    "BUNDLE_PYTHON_NOT_RUN",
    "resources and mutators in Python are not run here: {names}",
    "What they add or change is missing from the bundle as it is seen here.",
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

# --- targets, variables and references --------------------------------------------------------

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

# --- pipelines and their source ---------------------------------------------------------------

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
BUNDLE_REQUIRED = Code(
    "BUNDLE_REQUIRED",
    "{given} can only be given for a bundle, and there is no databricks.yml in {folder}",
    "Leave it out, or name the bundle's folder.",
)
PIPELINE_NOT_CHOSEN = Code(
    "PIPELINE_NOT_CHOSEN",
    "the bundle has {number} pipelines and none was named",
    "Name one with --pipeline; there are: {known}.",
)

# --- deployment ------------------------------------------------------------------------------

DEPLOY_REFUSED = Code(
    "DEPLOY_REFUSED",
    "{resource} cannot be deployed: {reason} [{error_code}]",
    "`databricks bundle deploy` would be refused in the same way; correct the resource.",
)
DEPLOY_NOT_CHECKED = Code(
    "DEPLOY_NOT_CHECKED",
    "{resource} is deployed by `databricks bundle deploy`, and was not checked here",
    "Its fields were checked; whether a workspace takes it is seen when it is deployed.",
)
