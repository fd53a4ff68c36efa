"""Values of secrets that source has read: shown as `[REDACTED]`, as in Databricks' notebooks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO, cast

_SHOWN = "[REDACTED]"
_values: set[str] = set()


def hide(value: str) -> None:
    """Never show a value again in this process; an empty one or white space is no secret."""
    if value.strip():
        _values.add(value)


def redacted(text: str) -> str:
    """A text with every hidden value replaced, the longest first."""
    for value in sorted(_values, key=len, reverse=True):
        text = text.replace(value, _SHOWN)
    return text


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
