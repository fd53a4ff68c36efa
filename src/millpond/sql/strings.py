"""What the text between the quotes of a SQL string means."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"\\(?:u(?P<short>[0-9A-Fa-f]{4})|U(?P<long>[0-9A-Fa-f]{8})|(?P<octal>[01][0-7]{2})|(?P<one>.))",
    re.DOTALL,
)
_MEANING = {
    "0": "\0",
    "b": "\b",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "Z": "\x1a",
    "%": "\\%",
    "_": "\\_",
}
"""What stands for something else than itself behind a backslash, by Spark's rules."""
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HALF = re.compile("[\ud800-\udfff]")


def unescaped(text: str) -> str:
    """The content of a string without its quotes, escapes undone as Spark does."""
    if "\\" not in text:
        return text
    found = _ESCAPE.sub(_meant, text)
    if _HALF.search(found):
        found = _HALF.sub("?", _PAIR.sub(_whole, found))
    return found


def _meant(escape: re.Match[str]) -> str:
    code = escape["short"] or escape["long"]
    if code is not None:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else escape.group()[1:]
    if escape["octal"] is not None:
        return chr(int(escape["octal"], 8))
    return _MEANING.get(escape["one"], escape["one"])


def _whole(pair: re.Match[str]) -> str:
    """The character that two halves of UTF-16 make."""
    return pair.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le")
