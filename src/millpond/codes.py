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
