"""Arguments of a table function in a query: `read_files('path', format => 'json')`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from millpond.sql.tokens import Token, TokenKind

Literal = str | int | float | bool | None | tuple[tuple[str, str], ...]
"""A constant value; a map of strings is a tuple of its pairs, so that arguments can be hashed."""

_CONSTANTS = {"TRUE": True, "FALSE": False, "NULL": None}


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument.

    Attributes:
        name: before `=>`, as written; None for a positional one.
        text: the value as written.
        literal: whether the value is a constant.
        value: that constant: a string, number, boolean, None, or the pairs of `map(k, v, ...)`.
        start, end: the range of `text` in the query.
    """

    name: str | None
    text: str
    literal: bool
    value: Literal
    start: int
    end: int


def read_arguments(text: str, tokens: Sequence[Token]) -> tuple[Argument, ...]:
    """The arguments between a function's brackets.

    Args:
        text: the whole query.
        tokens: those between the brackets.
    """
    return tuple(_argument(text, part) for part in _at_commas(tokens))


def _at_commas(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens of each argument; where one is missing, the comma beside it, which is none."""
    parts: list[list[Token]] = [[]]
    depth, comma = 0, None
    for token in tokens:
        depth += (token.upper in ("(", "[")) - (token.upper in (")", "]"))
        if depth == 0 and token.upper == ",":
            parts[-1] = parts[-1] or [token]
            parts.append([])
            comma = token
        else:
            parts[-1].append(token)
    if not parts[-1]:
        parts[-1:] = [[comma]] if comma is not None else []
    return parts


def _argument(text: str, tokens: list[Token]) -> Argument:
    name = None
    if len(tokens) > 2 and tokens[0].is_name and tokens[1].upper == "=>":
        name, tokens = tokens[0].value, tokens[2:]
    start, end = tokens[0].start, tokens[-1].end
    literal, value = _constant(tokens)
    return Argument(name, text[start:end], literal, value, start, end)


def _constant(tokens: list[Token]) -> tuple[bool, Literal]:
    """Whether these tokens are a constant, and which."""
    first = tokens[0]
    if all(token.kind is TokenKind.STRING for token in tokens):
        return True, "".join(token.value for token in tokens)
    if len(tokens) == 1 and first.upper in _CONSTANTS:
        return True, _CONSTANTS[first.upper]
    if tokens[-1].kind is TokenKind.NUMBER and (
        len(tokens) == 1 or (len(tokens) == 2 and first.upper in ("-", "+"))
    ):
        return _number(tokens[-1].text, negative=first.upper == "-")
    if len(tokens) > 2 and first.upper == "MAP" and tokens[1].upper == "(":
        return _map(tokens[2:-1])
    return False, None


def _number(text: str, *, negative: bool) -> tuple[bool, Literal]:
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        return True, -value if negative else value
    return False, None


def _map(tokens: list[Token]) -> tuple[bool, Literal]:
    """`map('k', 'v', ...)` of constants; numbers and booleans become strings, as options are."""
    values: list[str] = []
    for part in _at_commas(tokens):
        literal, value = _constant(part)
        if not literal or value is None or isinstance(value, tuple):
            return False, None
        values.append(str(value).lower() if isinstance(value, bool) else str(value))
    if len(values) % 2:
        return False, None
    return True, tuple(zip(values[::2], values[1::2], strict=True))
