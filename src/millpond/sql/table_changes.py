"""`table_changes('name', start, end)`: a table read with options of the change data feed."""

from __future__ import annotations

from millpond.definitions import Name, parse_name
from millpond.errors import MillpondError
from millpond.sql.arguments import Argument, read_arguments
from millpond.sql.query_tokens import QueryTokens
from millpond.sql.tokens import TokenKind

_FEED = ("readChangeFeed", "true")


def changes_of(
    tokens: QueryTokens, start: int, end: int
) -> tuple[Name, tuple[tuple[str, str], ...]] | None:
    """The table, and the options to read its changes with.

    Args:
        start, end: the tokens between the function's brackets.

    Returns:
        None for arguments that are no constants, or too few or too many of them.
    """
    arguments = read_arguments(tokens.text, tokens.between(start, end))
    if not 2 <= len(arguments) <= 3 or not isinstance(arguments[0].value, str):
        return None
    try:
        name = parse_name(arguments[0].value)
    except MillpondError:
        return None
    limits = [_limit(argument) for argument in arguments[1:]]
    options = [
        (f"{which}{kind}", value)
        for which, (kind, value) in zip(("starting", "ending"), limits, strict=False)
        if kind
    ]
    return (name, (_FEED, *options)) if len(options) == len(limits) else None


def _limit(argument: Argument) -> tuple[str, str]:
    """Whether a limit is a version or a timestamp, and its value; two empty ones for neither."""
    if isinstance(argument.value, int) and not isinstance(argument.value, bool):
        return "Version", str(argument.value)
    if isinstance(argument.value, str):
        return "Timestamp", argument.value
    typed = QueryTokens(argument.text)
    literal = len(typed) == 2 and typed[1].kind is TokenKind.STRING
    if literal and typed.word(0) in ("TIMESTAMP", "DATE"):
        return "Timestamp", typed[1].value
    return "", ""
