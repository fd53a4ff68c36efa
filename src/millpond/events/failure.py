"""Errors and differences as the event log holds them: its `error` column, our details."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from millpond.errors import MillpondError
from millpond.location import Span
from millpond.notices import Difference


def error_column(error: MillpondError, *, fatal: bool) -> dict[str, Any]:
    """The `error` column: the error and what caused it, outermost first (reference 6.1)."""
    return {"fatal": fatal, "exceptions": [_exception(each) for each in _causes(error)]}


def error_details(error: MillpondError) -> dict[str, Any]:
    """Code, message, hint and place of an error, for `details.<event_type>.millpond.error`."""
    return {
        "code": error.code.name,
        "message": error.message,
        "hint": error.hint,
        **_place(error.at),
    }


def difference_details(difference: Difference) -> dict[str, Any]:
    """A difference and its place, for `details.millpond_notices.differences`."""
    feature = difference.feature
    return {
        "feature": feature.name,
        "databricks": feature.databricks,
        "here": feature.here,
        **_place(difference.at),
    }


def _place(at: Span | None) -> dict[str, Any]:
    return {
        "file": str(at.file) if at else None,
        "line": at.line if at else None,
        "column": at.column if at else None,
        "end_line": at.end_line if at else None,
        "end_column": at.end_column if at else None,
    }


def span_of(details: Mapping[str, Any]) -> Span | None:
    """The place that was written down with an error or a difference, or None."""
    if details.get("file") is None:
        return None
    return Span(
        Path(details["file"]),
        details["line"],
        details["column"],
        details["end_line"],
        details["end_column"],
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__


def _exception(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    stack = [
        {
            "declaring_class": Path(frame.filename).stem,
            "method_name": frame.name,
            "file_name": Path(frame.filename).name,
            "line_number": frame.lineno,
        }
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return {
        "class_name": f"{kind.__module__}.{kind.__qualname__}",
        "message": str(error),
        "stack": stack,
    }
