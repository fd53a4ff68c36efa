"""What Databricks would do with a clause that a local run accepts and ignores."""

from __future__ import annotations

from typing import NamedTuple

from millpond.location import Span


class Difference(NamedTuple):
    """A clause or statement that has no effect locally.

    Attributes:
        feature: the clause's words, such as `LOCATION` or `ROW FILTER`.
        at: the clause in the user's file.
    """

    feature: str
    at: Span
