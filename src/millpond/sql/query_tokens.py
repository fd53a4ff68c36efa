"""The tokens of a query with their brackets matched; reading past the end is harmless."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from millpond.location import Span
from millpond.sql.tokens import Token, TokenKind, tokenize

QUERY_SPAN = Span(Path("query"), 1, 1)
"""The start of a query taken on its own, without the user's file."""

_NOTHING = Token(TokenKind.END, "", "", 0, 0)


class QueryTokens:
    """Tokens by index, and the bracket that closes another."""

    def __init__(self, text: str) -> None:
        self.text = str(text)
        self._tokens = tokenize(self.text, QUERY_SPAN)
        self._closing = _matched(self._tokens)

    def __len__(self) -> int:
        return len(self._tokens)

    def __getitem__(self, index: int) -> Token:
        """The token at `index`; an empty one of kind END outside the query."""
        return self._tokens[index] if 0 <= index < len(self._tokens) else _NOTHING

    def word(self, index: int) -> str:
        """The unquoted word at `index` in upper case, or the symbol; else the empty string."""
        return self[index].upper

    def is_name(self, index: int) -> bool:
        """Whether a word or a backticked name is at `index`."""
        return self[index].is_name

    def closing(self, index: int) -> int:
        """The index of the bracket that closes the one at `index`; the last token if none does."""
        return self._closing.get(index, len(self) - 1)

    def between(self, start: int, end: int) -> Sequence[Token]:
        """The tokens from `start` to before `end`."""
        return self._tokens[start:end]


def _matched(tokens: Sequence[Token]) -> dict[int, int]:
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for index, token in enumerate(tokens):
        if token.upper == "(":
            opened.append(index)
        elif token.upper == ")" and opened:
            pairs[opened.pop()] = index
    return pairs
