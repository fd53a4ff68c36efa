"""Rows as a test writes them: plain dicts, in an order that does not vary, and their difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = dict[str, Any]

_SHOWN = 20


def assert_rows(actual: Any, expected: Iterable[Mapping[str, Any]]) -> None:
    """Fail with a readable difference unless two sets of rows are equal, whatever their order.

    Only the columns that the expected rows name are compared, so that a load time or a file's
    path may be left out. Values are compared with `==`, so `pytest.approx` works.

    Args:
        actual: rows (mappings), or a Spark or pandas frame.
        expected: mappings of column to value.
    """
    __tracebackhide__ = True
    wanted = [dict(row) for row in expected]
    found = _projected(as_rows(actual), wanted)
    missing, extra = _difference(found, wanted)
    if missing or extra:
        raise AssertionError(_told(missing, extra, len(found), len(wanted)))


def as_rows(data: Any) -> list[Row]:
    """The rows of a Spark or pandas frame or of an iterable of mappings, as dicts."""
    if hasattr(data, "sparkSession"):
        from millpond.testing.values import collected

        return collected(data)
    if hasattr(data, "to_dict"):
        return [dict(row) for row in data.to_dict("records")]
    return [dict(row) for row in data]


def in_order(rows: Iterable[Row]) -> list[Row]:
    """The rows sorted by their values from the first column on, NULLs first."""
    return sorted(rows, key=lambda row: [_key(value) for value in row.values()])


def _key(value: Any) -> tuple[int, Any]:
    if value is None:
        return (0, 0)
    if isinstance(value, bool):
        return (1, int(value))
    if isinstance(value, (int, float)):
        # NaN compares with nothing; as on Databricks it is larger than any number.
        return (3, 0) if value != value else (2, value)
    return (4, f"{type(value).__name__}:{value}")


def _projected(rows: Sequence[Row], wanted: Sequence[Row]) -> list[Row]:
    columns = {name for row in wanted for name in row}
    if not columns:
        return list(rows)
    return [{name: value for name, value in row.items() if name in columns} for row in rows]


def _difference(found: list[Row], wanted: list[Row]) -> tuple[list[Row], list[Row]]:
    extra, missing = list(found), []
    for row in wanted:
        if row in extra:
            extra.remove(row)
        else:
            missing.append(row)
    return missing, extra


def _told(missing: list[Row], extra: list[Row], found: int, wanted: int) -> str:
    lines = [f"the rows differ: {found} found, {wanted} expected"]
    for sign, what, rows in (("-", "expected, not found", missing), ("+", "not expected", extra)):
        if rows:
            lines.append(f"{what}:")
            lines += [f"  {sign} {_line(row)}" for row in rows[:_SHOWN]]
            if len(rows) > _SHOWN:
                lines.append(f"  {sign} ... and {len(rows) - _SHOWN} more")
    if len(missing) == len(extra) == 1:
        lines += _columns(missing[0], extra[0])
    return "\n".join(lines)


def _columns(expected: Row, found: Row) -> list[str]:
    """What differs, column by column, where there is one row of each."""
    names = [*expected, *(name for name in found if name not in expected)]
    return ["the columns that differ:"] + [
        f"  {name}: expected {expected.get(name, '(no such column)')!r},"
        f" found {found.get(name, '(no such column)')!r}"
        for name in names
        if name not in expected or name not in found or expected[name] != found[name]
    ]


def _line(row: Row) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in row.items())
