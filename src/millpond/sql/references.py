"""What a query reads: its tables, paths and source functions, each with its exact range."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from millpond.definitions import Name
from millpond.sql.arguments import Argument


@dataclass(frozen=True, slots=True)
class Reference:
    """One place of a query that reads something.

    Offsets count characters of the query, from 0; `line` and `column` count from 1 within it.

    Attributes:
        kind: `table`; `path` for ``delta.`/folder` ``; `function` for read_files and its like.
        parts: the name as written, quotes removed; of a path its format and the path; of a
            function its name.
        start, end: what to replace: with `STREAM`, its brackets and `WITH (options)`.
        streaming: read as a stream (`STREAM t`, `STREAM(t)`).
        alias_follows: the query names it itself.
        alias: that name.
        alias_at: where an alias can be put if none follows (after a watermark or a sample), or
            None where the grammar admits none (`TABLE t`).
        arguments: of a function.
        function: its name in lower case.
        options: of `WITH (key = value)`, keys as written.
    """

    kind: Literal["table", "function", "path"]
    parts: Name
    start: int
    end: int
    streaming: bool
    line: int
    column: int
    alias_follows: bool = False
    arguments: tuple[Argument, ...] = ()
    function: str | None = None
    alias: str | None = None
    alias_at: int | None = None
    options: tuple[tuple[str, str], ...] = ()


SOURCE_FUNCTIONS = frozenset({"read_files", "cloud_files", "read_kafka", "event_log"})
"""Table functions that are answered here; all others are Spark's to resolve."""


@lru_cache(maxsize=512)
def find(query: str) -> tuple[Reference, ...]:
    """Every reference of a query, in the order of the text.

    Names of common table expressions are not references where they are in scope: after their
    definition, to the end of the query that defines them, but not in their own body.

    Raises:
        MillpondError: PARSE_SYNTAX_ERROR for text that is not tokens (an open string); the
            position is within the query, so only queries that were never split get it.
    """
    from millpond.sql.scan import scan  # which needs Reference

    found = [relation for level in scan(query).levels for relation in level.relations]
    return tuple(sorted(found, key=lambda reference: reference.start))
