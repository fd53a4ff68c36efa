"""SQL text as tokens, by Spark's lexical rules and with exact offsets.

Keywords are the business of the grammar that reads the tokens, so every unquoted word is just a
word here. Comments are not tokens: they are the gaps between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from millpond.codes import PARSE_SYNTAX_ERROR
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.mapped import position
from millpond.sql.strings import unescaped

MAX_NESTING = 150
"""Brackets within brackets; deeper text is refused, since readers of tokens recurse into them."""


class TokenKind(str, Enum):
    """What a token is."""

    WORD = "word"
    QUOTED = "quoted name"
    STRING = "string"
    NUMBER = "number"
    SYMBOL = "symbol"
    END = "the end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token.

    Attributes:
        text: as written, quotes included.
        value: a string's or quoted name's content with escapes undone; else the same as `text`.
        start, end: offsets in the tokenized text; `end` is just after the last character.
    """

    kind: TokenKind
    text: str
    value: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """The word in upper case, or the symbol; the empty string for everything else."""
        if self.kind is TokenKind.WORD:
            return self.text.upper()
        return self.text if self.kind is TokenKind.SYMBOL else ""

    @property
    def is_name(self) -> bool:
        """Whether this can be a part of a name: a word or something in backticks."""
        return self.kind in (TokenKind.WORD, TokenKind.QUOTED)


def words(text: str) -> tuple[str, ...]:
    """A list of words that reads as one: `words("SELECT FROM")`."""
    return tuple(text.split())


def tokenize(text: str, at: Span) -> tuple[Token, ...]:
    """The tokens of `text`, which starts at `at` in the user's file.

    Raises:
        MillpondError: PARSE_SYNTAX_ERROR at a string, quoted name or comment that never ends,
            and at a bracket nested too deeply.
    """
    tokens = _joined(_scanned(str(text), at))
    _refuse_deep_nesting(tokens, text, at)
    return tokens


_SYMBOLS = (
    *("<<->>", "<=>", "?::", "->>", "#>>", "<->", "~~~", "~~*", "-|-"),
    *("::", "||", "|>", ">=", "<=", "<>", "!=", "==", ":=", "->", "=>", "#>", "&<", "&>", "&&"),
    *("??", "~~", "~*"),
)
"""Operators of several characters, the longest first; any other is one character."""
_SINGLE = re.escape("()[]{}&^:,.-=><%!|+;/\\*~?@#$")
_SCAN = re.compile(
    rf"""(?P<gap>\s+ | --[^\r\n]*)
      | (?P<comment>/\*)
      | (?P<raw>[rR](?:'[^']*' | "[^"]*"))
      | (?P<bytes>[xX](?:'[^']*'))
      | (?P<string>'[^'\\]*(?:\\.[^'\\]*)*' | "[^"\\]*(?:\\.[^"\\]*)*")
      | (?P<quoted>`(?:[^`] | ``)*`)
      | (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE](?:[+-]?[0-9]+)?)?(?P<tail>[^\W\d][^\s{_SINGLE}'"`]*)?)
      | (?P<symbol>{"|".join(map(re.escape, _SYMBOLS))} | [{_SINGLE}])
      | (?P<word>[^\s{_SINGLE}'"`]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


def _scanned(text: str, at: Span) -> Iterator[Token]:
    """The tokens as they stand there, each piece of a string in several by itself."""
    offset = 0
    while offset < len(text):
        found = _SCAN.match(text, offset)
        if found is None:
            raise _unclosed(text, at, offset)
        start, offset = offset, found.end()
        if found.lastgroup == "comment":
            end = _comment_end(text, start)
            if end is None:
                raise _unclosed(text, at, start)
            offset = end
        elif found.lastgroup != "gap":
            yield _token(found, start, offset)


def _token(found: re.Match[str], start: int, end: int) -> Token:
    written, group = found.group(), found.lastgroup
    if group == "word":
        return Token(TokenKind.WORD, written, written, start, end)
    if group == "symbol":
        return Token(TokenKind.SYMBOL, written, written, start, end)
    if group == "string":
        return Token(TokenKind.STRING, written, unescaped(written[1:-1]), start, end)
    if group == "raw":
        return Token(TokenKind.STRING, written, written[2:-1], start, end)
    if group == "quoted":
        return Token(TokenKind.QUOTED, written, written[1:-1].replace("``", "`"), start, end)
    if group == "bytes":
        return Token(TokenKind.NUMBER, written, written[2:-1], start, end)
    # What starts with digits and goes on with letters is a word: 10L, 2024_sales.
    kind = TokenKind.WORD if found["tail"] else TokenKind.NUMBER
    return Token(kind, written, written, start, end)


def _joined(tokens: Iterator[Token]) -> tuple[Token, ...]:
    """`'it''s'` is one string in Spark, two where the quotes are looked for."""
    joined: list[Token] = []
    for token in tokens:
        last = joined[-1] if joined else None
        if (
            last is not None
            and token.kind is last.kind is TokenKind.STRING
            and token.start == last.end
            and token.text[0] == last.text[-1]
        ):
            text, value = last.text + token.text, last.value + token.text[0] + token.value
            joined[-1] = replace(last, text=text, value=value, end=token.end)
        else:
            joined.append(token)
    return tuple(joined)


def _unclosed(text: str, at: Span, offset: int) -> MillpondError:
    """The error for a string, quoted name or comment that opens here and never ends."""
    opening = "/*" if text.startswith("/*", offset) else text[offset : offset + 1]
    return MillpondError(
        PARSE_SYNTAX_ERROR,
        at=position(at, text, offset),
        hint=f"What {opening} opens here is never closed.",
        found=repr(text[offset:].splitlines()[0][:30]),
        expected="*/" if opening == "/*" else f"a closing {opening}",
    )


def _comment_end(text: str, start: int) -> int | None:
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return None


def _refuse_deep_nesting(tokens: tuple[Token, ...], text: str, at: Span) -> None:
    depth = 0
    for token in tokens:
        depth += (token.upper in ("(", "[")) - (token.upper in (")", "]"))
        if depth > MAX_NESTING:
            raise MillpondError(
                PARSE_SYNTAX_ERROR,
                at=position(at, text, token.start),
                found=f"{depth} brackets within one another",
                expected=f"at most {MAX_NESTING}",
            )
