"""Errors of the command line, of new projects, and bugs of Millpond."""

from __future__ import annotations

from millpond.codes.code import Code, ExitStatus

# --- the command line -------------------------------------------------------------------------

STATE_NOT_OURS = Code(
    "STATE_NOT_OURS",
    "{state} holds files, but not the state of a pipeline",
    "Name a new folder, an empty one, or one that an earlier run made; nothing was touched.",
)
FILE_NOT_USABLE = Code(
    "FILE_NOT_USABLE",
    "{file}: {reason}",
    "Make room there, or give this process the right to use it; --state DIR puts the tables of a run elsewhere.",
)
INTERNAL_ERROR = Code(
    "INTERNAL_ERROR",
    "{kind}: {error}",
    "This is a bug in Millpond, not in your pipeline. Please report it, with the file {report}",
    ExitStatus.INTERNAL,
)

# --- new projects -----------------------------------------------------------------------------

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
