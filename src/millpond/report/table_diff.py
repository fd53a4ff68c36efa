"""The difference of two versions of a table as text."""

from __future__ import annotations

from collections.abc import Iterator

from millpond.engine.history.diff import TableDiff
from millpond.engine.history.updates import TableVersion
from millpond.report.row_text import row_lines, value_text
from millpond.report.text import count, visible


def render_diff(found: TableDiff, width: int) -> str:
    """The numbers, then the rows: `+` added, `-` removed, `~` changed."""
    return "\n".join(_lines(found, width))


def _lines(found: TableDiff, width: int) -> Iterator[str]:
    before = _version(found.before) if found.before is not None else "nothing"
    yield visible(f"{found.table}: {before} -> {_version(found.after)}")
    numbers = [f"{count(found.added)} added", f"{count(found.removed)} removed"]
    by = f" (by {', '.join(found.key)})" if found.key else ""
    if found.key:
        numbers.append(f"{count(found.changed)} changed")
    yield visible(", ".join(numbers) + by)
    for sign, columns in (("+", found.new_columns), ("-", found.lost_columns)):
        for column in columns:
            yield visible(f"{sign} column {column}")
    for row in found.changed_rows:
        changes = ", ".join(
            f"{visible(name)} {value_text(before)} -> {value_text(after)}"
            for name, (before, after) in row.columns.items()
        )
        (first, *_) = [*row_lines(row.key, "", 10**6), ""]
        yield f"~ {first}: {changes}"
    for sign, rows in (("+", found.added_rows), ("-", found.removed_rows)):
        for values in rows:
            for number, line in enumerate(row_lines(values, "  ", width)):
                yield f"{sign}{line[1:]}" if number == 0 else line
    shown = len(found.added_rows) + len(found.removed_rows) + len(found.changed_rows)
    more = found.added + found.removed + found.changed - shown
    if more > 0:
        yield f"and {count(more, 'row')} more (--rows)"


def _version(version: TableVersion) -> str:
    update = f", update {version.update[:8]}" if version.update else ""
    return f"version {version.version} ({version.written:%Y-%m-%d %H:%M:%S} UTC{update})"
