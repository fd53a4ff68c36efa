"""A cursor over a statement's tokens: what a recursive-descent grammar reads with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import NoReturn

from millpond.codes import IDENTIFIER_NOT_CONSTANT, NOT_SUPPORTED_YET, PARSE_SYNTAX_ERROR
from millpond.definitions import Name, parse_name
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.constants import constant_string
from millpond.sql.mapped import position, span
from millpond.sql.tokens import Token, TokenKind

_CLOSING = {"(": ")", "[": "]"}


class Cursor:
    """Reads tokens from left to right; every failure is an error at the offending token.

    Attributes:
        text: the statement, whose first character is at `at` in the user's file.
        index: the next token.
    """

    def __init__(self, text: str, tokens: Sequence[Token], at: Span) -> None:
        self.text = text
        self.at = at
        self.index = 0
        self._tokens = tokens
        end = len(text)
        self._end = Token(TokenKind.END, "", "", end, end)

    def peek(self, ahead: int = 0) -> Token:
        """The token `ahead` of the next one; past the last an END token."""
        index = self.index + ahead
        return self._tokens[index] if 0 <= index < len(self._tokens) else self._end

    def take(self) -> Token:
        """The next token, and move past it."""
        token = self.peek()
        self.index += 1
        return token

    def token_at(self, first: Token, after: int) -> Token:
        """The token that many after `first`."""
        return self._tokens[self._tokens.index(first) + after]

    @property
    def done(self) -> bool:
        """Whether no token is left."""
        return self.peek().kind is TokenKind.END

    def sees(self, *words: str) -> bool:
        """Whether the next tokens are these words or symbols (given in upper case)."""
        return all(self.peek(i).upper == word for i, word in enumerate(words))

    def accept(self, *words: str) -> Token | None:
        """Move past these words if they are all next; the first of them, or None."""
        if not self.sees(*words):
            return None
        first = self.peek()
        self.index += len(words)
        return first

    def expect(self, *words: str) -> Token:
        """Move past these words; the first of them.

        Raises:
            MillpondError: PARSE_SYNTAX_ERROR at the first token that differs.
        """
        first = self.peek()
        for word in words:
            if self.accept(word) is None:
                self.fail(word, (word,))
        return first

    def choose(self, words: Sequence[str], named: Sequence[str] = ()) -> str:
        """Move past one of these words; which it was. An error lists those of `named`, if given."""
        found = next((word for word in words if self.accept(word)), None)
        if found is None:
            self.fail(listed(named or words), words)
        return found

    def identifier(self, what: str) -> Token:
        """Move past one word or backticked name."""
        if not self.peek().is_name:
            self.fail(what)
        return self.take()

    def name(self, what: str) -> Name:
        """Move past `a.b.c` or `IDENTIFIER(constant)`, one part or more.

        Raises:
            MillpondError: PARSE_SYNTAX_ERROR; IDENTIFIER_NOT_CONSTANT and INVALID_NAME of
                `IDENTIFIER(...)`.
        """
        if self.sees("IDENTIFIER", "("):
            return self._named_by_value(what)
        parts = [self.identifier(what).value]
        while self.accept("."):
            parts.append(self.identifier(f"the rest of the {what}").value)
        if len(parts) > 3 + (parts[0].casefold() == "live"):
            self.index -= 1
            self.fail(f"a {what} of at most three parts")
        return tuple(parts)

    def _named_by_value(self, what: str) -> Name:
        first = self.take()
        start = self.index + 1
        opening, closing = self.group("( and the name as a string")
        value = constant_string(self._tokens[start : self.index - 1])
        at = self.span(first)
        if value is None:
            text = self.inside(opening, closing) or "nothing"
            raise MillpondError(IDENTIFIER_NOT_CONSTANT, at=at, text=text)
        return parse_name(value, what=what, at=at)

    def string(self, what: str) -> str:
        """Move past a string literal; the value of it and of those that follow at once."""
        if self.peek().kind is not TokenKind.STRING:
            self.fail(what)
        values = []
        while self.peek().kind is TokenKind.STRING:
            values.append(self.take().value)
        return "".join(values)

    def group(self, what: str) -> tuple[Token, Token]:
        """Move past a balanced `( ... )`; its two brackets."""
        if not self.sees("("):
            self.fail(what, ("(",))
        opening = self.take()
        open_brackets = [opening.text]
        while open_brackets:
            token = self.take()
            if token.kind is TokenKind.END:
                self.index -= 1
                self.fail(_CLOSING[open_brackets[-1]])
            if token.upper in _CLOSING:
                open_brackets.append(token.text)
            elif token.upper in _CLOSING.values():
                if token.text != _CLOSING[open_brackets[-1]]:
                    self.index -= 1
                    self.fail(_CLOSING[open_brackets[-1]])
                open_brackets.pop()
        return opening, self.peek(-1)

    def inside(self, opening: Token, closing: Token) -> str:
        """The text between two brackets, trimmed."""
        return self.text[opening.end : closing.start].strip()

    def tokens_between(self, opening: Token, closing: Token) -> Sequence[Token]:
        """The tokens between two brackets."""
        return self._tokens[self._tokens.index(opening) + 1 : self._tokens.index(closing)]

    def names_in_brackets(self, what: str) -> tuple[str, ...]:
        """Move past `(a, b.c, ...)`; the names, nested ones joined by dots."""
        self.expect("(")
        names = [".".join(self.name(what))]
        while self.accept(","):
            names.append(".".join(self.name(what)))
        if not self.accept(")"):
            self.fail(", or )", (")",))
        return tuple(names)

    def span(self, first: Token, last: Token | None = None) -> Span:
        """The range from `first` to `last` (by default the last token read) in the file."""
        return span(self.at, self.text, first.start, (last or self.peek(-1)).end)

    def fail(
        self, expected: str, words: Iterable[str] = (), *, hint: str | None = None
    ) -> NoReturn:
        """Raise PARSE_SYNTAX_ERROR at the next token.

        Args:
            expected: what may stand there, in words.
            words: the words that may stand there, for "did you mean".
            hint: what to do, where no word is close.
        """
        token = self.peek()
        ended = token.kind is TokenKind.END
        at = position(self.at, self.text, token.start) if ended else self.span(token, token)
        raise MillpondError(
            PARSE_SYNTAX_ERROR,
            at=at,
            hint=_did_you_mean(token, words) or hint,
            found="the end of the statement" if ended else repr(token.text[:60]),
            expected=expected,
        )

    def refuse(self, feature: str, first: Token, *, hint: str | None = None) -> NoReturn:
        """Raise NOT_SUPPORTED_YET from `first` to the last token read."""
        raise MillpondError(NOT_SUPPORTED_YET, at=self.span(first), hint=hint, feature=feature)


def listed(words: Sequence[str]) -> str:
    """`A, B or C`."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _did_you_mean(token: Token, words: Iterable[str]) -> str | None:
    close = get_close_matches(token.text.upper(), [w for w in words if w.isalpha()], 1, 0.6)
    if close and close[0] != token.text.upper():
        return f"Did you mean {close[0]}?"
    return None
