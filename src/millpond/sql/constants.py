"""Constant strings written in several tokens: `'a' 'b'`, `'a' || 'b'`, `concat('a', 'b')`."""

from __future__ import annotations

from collections.abc import Sequence

from millpond.sql.tokens import Token, TokenKind


def constant_string(tokens: Sequence[Token]) -> str | None:
    """The string that an expression of constants makes, or None if it is anything else."""
    parts = _split(tokens, ("||",))
    if len(parts) > 1:
        return _joined(parts)
    if tokens and all(token.kind is TokenKind.STRING for token in tokens):
        return "".join(token.value for token in tokens)
    if len(tokens) > 2 and tokens[-1].upper == ")":
        if tokens[0].upper == "(":
            return constant_string(tokens[1:-1])
        if tokens[0].upper == "CONCAT" and tokens[1].upper == "(":
            return _joined(_split(tokens[2:-1], (",",)))
    return None


def _joined(parts: Sequence[Sequence[Token]]) -> str | None:
    values = [constant_string(part) for part in parts]
    return None if None in values else "".join(value for value in values if value is not None)


def _split(tokens: Sequence[Token], at: tuple[str, ...]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.upper == "(") - (token.upper == ")")
        if depth == 0 and token.upper in at:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts
