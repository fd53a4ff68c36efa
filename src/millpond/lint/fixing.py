"""Apply the fixes of findings to the text of files, and to nothing else in them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from millpond.lint.finding import Edit, Finding

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A file before and after.

    Attributes:
        count: how many findings are mended.
    """

    file: Path
    before: str
    after: str
    count: int

    def write(self) -> None:
        """Put the new text into the file; line breaks and a byte order mark stay."""
        with self.file.open("w", encoding="utf-8", newline="") as stream:
            stream.write(self.after)

    def diff(self, folder: Path) -> str:
        """The change in unified form."""
        inside = self.file.is_relative_to(folder)
        name = (self.file.relative_to(folder) if inside else self.file).as_posix()
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        lines = difflib.unified_diff(before, after, f"a/{name}", f"b/{name}")
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        )


def fix_files(findings: Iterable[Finding]) -> Iterator[FixedFile]:
    """The files that fixes change. Of fixes that overlap, the first is made.

    A file that is not UTF-8, and a cell of a notebook in JSON, stays as it is.
    """
    by_file: dict[Path, list[Finding]] = {}
    for finding in findings:
        if finding.fix is not None and finding.fix.edits:
            by_file.setdefault(finding.fix.edits[0].at.file, []).append(finding)
    for file, found in by_file.items():
        text = _text(file)
        if text is None:
            continue
        after, count = _fixed(text, found)
        if after != text:
            yield FixedFile(file, text, after, count)


def _text(file: Path) -> str | None:
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError):
        return None


def _fixed(text: str, findings: list[Finding]) -> tuple[str, int]:
    starts = _line_starts(text)
    taken: list[tuple[int, int, str]] = []
    count = 0
    for finding in findings:
        assert finding.fix is not None
        ranges = [_range(edit, starts, text) for edit in finding.fix.edits]
        if not any(_overlaps(one, other) for one in ranges for other in taken):
            taken += ranges
            count += 1
    pieces: list[str] = []
    done = 0
    for start, end, new in sorted(taken):
        pieces += (text[done:start], new)
        done = end
    return "".join(pieces) + text[done:], count


def _overlaps(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Two insertions at one place overlap too: their order would be chance."""
    same = one[0] == other[0]
    return same or (one[0] < other[1] and other[0] < one[1])


def _line_starts(text: str) -> list[int]:
    """Where lines start; a byte order mark is not of the first line."""
    starts, position = [int(text.startswith("\ufeff"))], 0
    while position < len(text):
        found = _LINE.match(text, position)
        assert found is not None
        position = found.end()
        starts.append(position)
    return starts


def _range(edit: Edit, starts: list[int], text: str) -> tuple[int, int, str]:
    at = edit.at
    assert at.end_line is not None
    assert at.end_column is not None
    start = starts[at.line - 1] + at.column - 1
    last = min(at.end_line - 1, len(starts) - 1)
    return start, min(starts[last] + at.end_column - 1, len(text)), edit.text
