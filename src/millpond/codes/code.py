"""What an error code is, and the exit statuses.

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
