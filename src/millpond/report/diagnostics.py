"""An error as text: what is wrong, where, with the source line, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from millpond.location import Span
from millpond.redaction import redacted
from millpond.report.text import cells, visible

_RED, _YELLOW, _BLUE, _CYAN = "\033[1;31m", "\033[1;33m", "\033[1;34m", "\033[1;36m"
_PLAIN = "\033[0m"
_TAB = 4


class Diagnostic(Protocol):
    """What is shown: an error of an update or of the command, or a finding of a rule."""

    @property
    def code(self) -> str:
        """Its code, in brackets behind the label."""

    @property
    def message(self) -> str:
        """What is wrong."""

    @property
    def hint(self) -> str | None:
        """What to do."""

    @property
    def at(self) -> Span | None:
        """Where."""


def render_error(
    error: Diagnostic,
    *,
    relative_to: Path | None = None,
    width: int = 80,
    colour: bool = False,
    label: str = "error",
) -> str:
    """One error in its three parts, without a newline at the end; or a warning, by its label.

    ```
    error[INVALID_NAME]: 'a..b' is not a valid dataset name: a part is empty
      --> src/silver.py:3:11
       |
     3 | @dp.table("a..b")
       |           ^^^^^^
    hint: A name has one, two or three parts separated by dots.
    ```
    """

    def paint(text: str, code: str) -> str:
        return f"{code}{text}{_PLAIN}" if colour else text

    first = _RED if label == "error" else _YELLOW
    lines = [f"{paint(f'{label}[{error.code}]', first)}: {visible(error.message)}"]
    if error.at is not None:
        lines.append(f"  {paint('-->', _BLUE)} {visible(error.at.shown(relative_to))}")
        lines.extend(_excerpt(error.at, width))
    if error.hint:
        lines.append(f"{paint('hint', _CYAN)}: {visible(error.hint)}")
    return "\n".join(lines)


def _excerpt(at: Span, width: int) -> list[str]:
    """The source line with a caret under each character of the range; none if unreadable."""
    line = at.source_line()
    if line is None:
        return []
    number = str(at.line)
    margin = " " * (len(number) + 1)
    before, marked, after = _parts(line, at)
    before, marked, after = _clipped(before, marked, after, width - len(margin) - 3)
    carets = "^" * max(1, cells(marked))
    return [
        f"{margin} |",
        f" {number} | {before}{marked}{after}".rstrip(),
        f"{margin} | {' ' * cells(before)}{carets}",
    ]


def _parts(line: str, at: Span) -> tuple[str, str, str]:
    """The line before, in and after the range, with tabs as spaces."""
    start = min(max(at.column - 1, 0), len(line))
    if at.end_line is not None and at.end_line > at.line:
        end = len(line.rstrip())
    else:
        end = (at.end_column or at.column + 1) - 1
    end = max(end, start)
    parts = (line[:start], line[start:end], line[end:].rstrip())
    before, marked, after = (visible(redacted(part).replace("\t", " " * _TAB)) for part in parts)
    return before, marked, after


def _clipped(before: str, marked: str, after: str, room: int) -> tuple[str, str, str]:
    """The three parts, cut to the room there is: the start of the range stays in sight."""
    if cells(before + marked + after) <= room:
        return before, marked, after
    if len(before) > room // 2:
        before = "..." + before[-(room // 2 - 3) :]
    if len(before) + len(marked) > room:
        marked = marked[: room - len(before)]
    left = room - len(before) - len(marked)
    if len(after) > left:
        after = after[: max(0, left - 3)] + "..." if left >= 3 else ""
    return before, marked, after
