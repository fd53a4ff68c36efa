"""What a postfix operator stands behind: the tokens of its operand, and of a type."""

from __future__ import annotations

from millpond.sql.query_tokens import QueryTokens
from millpond.sql.tokens import TokenKind, words

_NOT_CALLED = frozenset(
    words(
        "SELECT WHERE AND OR NOT ON WHEN THEN ELSE CASE IN BETWEEN LIKE ILIKE RLIKE BY HAVING "
        "LIMIT QUALIFY DISTINCT ALL ANY SOME AS FROM JOIN VALUES OVER USING IS DIV EXISTS"
    )
)
"""Words before a bracket that do not call a function with it."""
_OPENING = {")": "(", "]": "["}


def operand_start(tokens: QueryTokens, index: int) -> int:
    """The first token of the operand that ends just before `index`; `index` if there is none."""
    at = index - 1
    while at >= 0:
        word = tokens.word(at)
        if word in _OPENING:
            at = _opened(tokens, at)
            if word == "]":
                at -= 1
                continue
            if tokens.is_name(at - 1) and tokens.word(at - 1) not in _NOT_CALLED:
                at -= 1
        elif word == "END":
            at = _case(tokens, at)
        elif tokens[at].kind is TokenKind.SYMBOL or tokens[at].kind is TokenKind.END:
            return index
        if tokens.word(at - 1) not in (".", ":", "::", "?::"):
            return max(at, 0)
        at -= 2
    return index


def type_end(tokens: QueryTokens, index: int) -> int:
    """The token after the type that starts at `index`; `index` if none does."""
    if tokens[index].kind is not TokenKind.WORD:
        return index
    index += 1
    if tokens.word(index) == "(":
        return tokens.closing(index) + 1
    if tokens.word(index) != "<":
        return index
    depth = 0
    while index < len(tokens):
        depth += tokens.word(index).count("<") - tokens.word(index).count(">")
        index += 1
        if depth <= 0:
            break
    return index


def _opened(tokens: QueryTokens, at: int) -> int:
    """The bracket that the one at `at` closes."""
    closing = tokens.word(at)
    depth = 0
    while at >= 0:
        depth += (tokens.word(at) == closing) - (tokens.word(at) == _OPENING[closing])
        if depth == 0:
            return at
        at -= 1
    return 0


def _case(tokens: QueryTokens, at: int) -> int:
    """The CASE that the END at `at` ends; `at` itself if there is none."""
    depth = 0
    for index in range(at, -1, -1):
        depth += (tokens.word(index) == "END") - (tokens.word(index) == "CASE")
        if depth == 0:
            return index
    return at
