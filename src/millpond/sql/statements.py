"""A file of SQL as statements: split at top-level semicolons, each at its exact place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from millpond.location import Span
from millpond.sql.mapped import span
from millpond.sql.tokens import Token, tokenize


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement.

    Attributes:
        text: from its first token to its last; no semicolon, no comment around it.
        at: the range of `text` in the file.
        tokens: the tokens of `text`, offsets counted from its start.
    """

    text: str
    at: Span
    tokens: tuple[Token, ...]


def split(text: str, file: Path, first_line: int = 1) -> list[Statement]:
    """The statements of a SQL file, or of one cell of a notebook.

    Semicolons in strings, backticks and comments do not count; empty statements are left out.

    Args:
        text: the whole file, or a part that starts at the beginning of line `first_line`.
        file: what positions name.
        first_line: the line of the file at which `text` starts, counted from 1.

    Raises:
        MillpondError: PARSE_SYNTAX_ERROR for a string, quoted name or comment that never ends.
    """
    return list(_split(str(text), file, first_line))


@lru_cache(maxsize=512)
def _split(text: str, file: Path, first_line: int) -> tuple[Statement, ...]:
    """Statements of one text are read more than once: for the graph, and by rules."""
    return tuple(_statements(text, Span(file, first_line)))


def _statements(text: str, at: Span) -> Iterator[Statement]:
    pending: list[Token] = []
    for token in tokenize(text, at):
        if token.upper != ";":
            pending.append(token)
        elif pending:
            yield _statement(text, pending, at)
            pending = []
    if pending:
        yield _statement(text, pending, at)


def _statement(text: str, tokens: list[Token], at: Span) -> Statement:
    start, end = tokens[0].start, tokens[-1].end
    moved = tuple(replace(t, start=t.start - start, end=t.end - start) for t in tokens)
    return Statement(text[start:end], span(at, text, start, end), moved)
