"""Read one YAML file into values with places; refuse hostile input before it costs anything.

The parser's events are consumed one by one, with a stack of our own: nesting cannot exhaust
Python's stack, an alias is one shared value whose expanded size is known, and no tag makes
an object.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond.bundle.builder import MAX_DEPTH, MAX_SIZE, Builder
from millpond.codes import BUNDLE_FILE_UNREADABLE, YAML_INVALID, YAML_LIMIT_EXCEEDED
from millpond.errors import MillpondError
from millpond.location import Span

if TYPE_CHECKING:
    from millpond.bundle.value import Value

MAX_BYTES = 1 << 20
"""A bundle file is some kilobytes; at this size reading already takes seconds."""

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_SIZE", "read_yaml"]


def read_yaml(file: Path) -> Value:
    """The root value of a YAML or JSON file; null for an empty one.

    Raises:
        MillpondError: BUNDLE_FILE_UNREADABLE, YAML_INVALID, YAML_DUPLICATE_KEY,
            YAML_LIMIT_EXCEEDED or YAML_TAG_UNSUPPORTED, at the place in the file.
    """
    builder = Builder(file)
    for event in _events(_text(file), file):
        builder.take(event)
    return builder.root


def _text(file: Path) -> str:
    start = Span(file, 1)
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise MillpondError(
                YAML_LIMIT_EXCEEDED, at=start, what="its size", limit=f"{MAX_BYTES:,} bytes"
            )
        return data.decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise MillpondError(
            BUNDLE_FILE_UNREADABLE, at=start, file=file.name, reason=reason
        ) from error
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rsplit(b"\n", 1)[-1].decode("utf-8", "replace")) + 1
        raise MillpondError(
            BUNDLE_FILE_UNREADABLE,
            at=Span(file, line, column),
            file=file.name,
            reason="it is not UTF-8 text",
        ) from error


def _events(text: str, file: Path) -> Iterator[Any]:
    from ruamel.yaml import YAML

    stream = iter(YAML(typ="safe", pure=True).parse(text))
    while True:
        try:
            event = next(stream)
        except StopIteration:
            return
        # ruamel raises ValueError, AssertionError and others on malformed escapes and directives
        except Exception as error:
            raise MillpondError(
                YAML_INVALID, at=_place_of(error, file), problem=_problem_of(error)
            ) from error
        yield event


def _place_of(error: Exception, file: Path) -> Span:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return Span(file, mark.line + 1, mark.column + 1)
    position = getattr(error, "position", None)
    if isinstance(position, int):
        before = file.read_text(encoding="utf-8-sig")[:position]
        return Span(file, before.count("\n") + 1, position - before.rfind("\n"))
    return Span(file, 1)


def _problem_of(error: Exception) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None)
    return str(problem or error).strip().split("\n", 1)[0]
