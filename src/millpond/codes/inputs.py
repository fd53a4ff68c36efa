"""Errors of millpond.yml and of what it maps."""

from __future__ import annotations

from millpond.codes.code import Code

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
