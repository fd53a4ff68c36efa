"""SQL text as tokens: sqlglot's tokenizer, stripped of its keywords, with exact offsets.

Keywords are the business of the grammar that reads the tokens, so every unquoted word is just a
word here. Comments are not tokens: they are the gaps between them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from millpond.codes import PARSE_SYNTAX_ERROR
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.mapped import position

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token as SqlglotToken
    from sqlglot.tokens import Tokenizer

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
    from sqlglot.errors import TokenError

    try:
        raw = _tokenizer().tokenize(str(text))
    except TokenError:
        raise _unclosed(text, at) from None
    tokens = _joined([_token(text, token) for token in raw])
    _refuse_deep_nesting(tokens, text, at)
    return tokens


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    from sqlglot.dialects.databricks import Databricks
    from sqlglot.tokenizer_core import TokenType

    base = Databricks.Tokenizer
    keywords = {
        text: kind
        for text, kind in base.KEYWORDS.items()
        if not any(c.isalnum() or c in "{}" for c in text) and not text.startswith("/*")
    }
    ours: Any = type(
        "_WordTokenizer",
        (base,),
        {
            "KEYWORDS": keywords,
            "NUMERIC_LITERALS": {},
            "COMMENTS": ["--", ("/*", "*/")],
            "HINT_START": "/*+",
            "COMMANDS": set[TokenType](),
        },
    )
    # Jinja's comment is added to every dialect; `{#` is nothing special in Spark.
    ours._COMMENTS = {"--": None, "/*": "*/"}
    tokenizer: Tokenizer = ours(dialect="databricks")
    return tokenizer


def _token(text: str, raw: SqlglotToken) -> Token:
    written = text[raw.start : raw.end + 1]
    return Token(_kind(written, raw.token_type.name), written, raw.text, raw.start, raw.end + 1)


def _kind(written: str, sqlglot_type: str) -> TokenKind:
    if sqlglot_type == "IDENTIFIER":
        return TokenKind.QUOTED
    if sqlglot_type in ("STRING", "RAW_STRING"):
        return TokenKind.STRING
    if sqlglot_type == "NUMBER" or sqlglot_type.endswith("_STRING"):
        return TokenKind.NUMBER
    return TokenKind.WORD if sqlglot_type == "VAR" else TokenKind.SYMBOL


def _joined(tokens: list[Token]) -> tuple[Token, ...]:
    """`'it''s'` is one string in Spark, two for the tokenizer."""
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


_CLOSED = re.compile(
    r"""--[^\r\n]*
      | \b[rR]'[^']*' | \b[rR]"[^"]*"
      | '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*"
      | `(?:[^`]|``)*`
      | /(?!\*) | -(?!-)
      | [^-/'"`rR]+ | [rR]
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


def _unclosed(text: str, at: Span) -> MillpondError:
    """The error for the first string, quoted name or comment of `text` that never ends."""
    offset = 0
    while offset < len(text):
        if text.startswith("/*", offset):
            end = _comment_end(text, offset)
        else:
            match = _CLOSED.match(text, offset)
            end = match.end() if match else None
        if end is None:
            break
        offset = end
    opening = "/*" if text.startswith("/*", offset) else text[offset : offset + 1]
    return MillpondError(
        PARSE_SYNTAX_ERROR,
        at=position(at, text, offset),
        hint=f"What {opening} opens here is never closed.",
        found=repr(text[offset:].splitlines()[0][:30]) if opening else "the end",
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
