"""Secrets are shown as `[REDACTED]`, as in Databricks' notebooks.

Those that source has read are known by their values; those that stand in plain text where a
reference should be are known by their names, or by their form.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO, cast

_SHOWN = "[REDACTED]"
_values: set[str] = set()

_NAMES = re.compile(
    r"passw(?:or)?d|passphrase|secret|(?<![a-z])token(?!iz)|access[._-]?key|account[._-]?key"
    r"|api[._-]?key|private[._-]?key|connection[._-]?string",
    re.IGNORECASE,
)
_NOT_THE_SECRET = re.compile(
    r"scope|name|path|_id\b|\.id\b|url|endpoint|provider|vault|ttl|expir|type|file|column|header"
    r"|secrets?_?key|location|principal",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\{\{\s*secrets/|\$\{|<[^>]*>|^\*+$|^x+$|dbutils|secret\(|^__|unknown|your|change.?me|todo",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"(?:password|SharedAccessKey|AccountKey)\s*=\s*[\"']?(?P<value>[^\"';\s{$<][^\"';\s]{3,})",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\b(?:dapi[0-9a-f]{32}|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36})\b")


def hide(value: str) -> None:
    """Never show a value again in this process; an empty one or white space is no secret."""
    if value.strip():
        _values.add(value)


def redacted(text: str) -> str:
    """A text with every hidden value replaced, also where it is written as JSON; longest first."""
    if not _values:
        return text
    written = {form for value in _values for form in (value, json.dumps(value)[1:-1])}
    for value in sorted(written, key=len, reverse=True):
        text = text.replace(value, _SHOWN)
    return text


def redacted_value(value: Any) -> Any:
    """A document as JSON has it, with every hidden value replaced in its texts."""
    if not _values:
        return value
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, Mapping):
        return {key: redacted_value(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [redacted_value(each) for each in value]
    return value


def masked(value: Any, name: str = "") -> Any:
    """Settings in which no secret stands in plain text: its value is replaced."""
    if isinstance(value, str):
        return _SHOWN if is_secret(name, value) else value
    if isinstance(value, Mapping):
        return {key: masked(each, str(key)) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(each, name) for each in value]
    return value


def is_secret(name: str, value: str) -> bool:
    """Whether the value of something with this name is a secret in plain text."""
    if holds_secret(value):
        return True
    if not _NAMES.search(name) or _NOT_THE_SECRET.search(name):
        return False
    plain = bool(value.strip()) and " " not in value.strip() and not _REFERENCE.search(value)
    return plain and value.casefold() not in ("true", "false", "none", "null")


def holds_secret(text: str) -> bool:
    """Whether a text has a password or a token of a known form in it."""
    if _TOKEN.search(text):
        return True
    found = _INSIDE.search(text)
    return found is not None and not _REFERENCE.search(found["value"])


class _Redacting:
    """A text stream that shows no hidden value written in one piece, as `print` does."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what may be shown."""
        self._stream.write(redacted(text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Write what may be shown."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def redacted_output() -> Iterator[None]:
    """Let neither stdout nor stderr of this process show a hidden value."""
    out, err = cast(TextIO, _Redacting(sys.stdout)), cast(TextIO, _Redacting(sys.stderr))
    with redirect_stdout(out), redirect_stderr(err):
        yield
