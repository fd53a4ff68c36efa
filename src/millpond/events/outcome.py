"""The outcome of an update, of its datasets and their expectations, and its JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from millpond.errors import MillpondError
from millpond.events.failure import error_details, span_of
from millpond.location import Span

SCHEMA_VERSION = 1
"""Of the JSON; raised when a reader of the old form would misread the new one."""


@dataclass(frozen=True, slots=True)
class ExpectationSummary:
    """An expectation of a dataset and the rows that met it; both counts 0 if none was seen."""

    name: str
    action: str
    passed: int
    failed: int

    def to_json(self) -> dict[str, Any]:
        """The form documented in docs/json-output.md."""
        return {
            "name": self.name,
            "action": self.action,
            "passed": self.passed,
            "failed": self.failed,
        }


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """What an update did to one dataset.

    Attributes:
        name: in full.
        kind: a value of `DatasetKind`.
        status: a status of reference 6.4; `QUEUED` if it was defined and never run.
        inputs: names in full of what its flows read.
        seconds: from its first start to its last event; 0 if it never started.
        unchanged: a materialized view that was left as it is, since it would come out the same.
    """

    name: str
    kind: str
    status: str
    rows_written: int = 0
    rows_dropped: int = 0
    rows_upserted: int = 0
    rows_deleted: int = 0
    expectations: tuple[ExpectationSummary, ...] = ()
    inputs: tuple[str, ...] = ()
    seconds: float = 0.0
    unchanged: bool = False

    def to_json(self) -> dict[str, Any]:
        """The form documented in docs/json-output.md."""
        return {
            "name": self.name,
            "kind": self.kind,
            "status": self.status,
            "unchanged": self.unchanged,
            "rows_written": self.rows_written,
            "rows_dropped": self.rows_dropped,
            "rows_upserted": self.rows_upserted,
            "rows_deleted": self.rows_deleted,
            "expectations": [each.to_json() for each in self.expectations],
        }


@dataclass(frozen=True, slots=True)
class ErrorSummary:
    """An error as it is shown: code, message, place and hint."""

    code: str
    message: str
    hint: str
    at: Span | None = None

    @classmethod
    def of(cls, error: MillpondError) -> ErrorSummary:
        """The summary of an error at hand."""
        return cls.read(error_details(error))

    @classmethod
    def read(cls, details: Mapping[str, Any]) -> ErrorSummary:
        """The summary of an error that `error_details` wrote into an event."""
        return cls(details["code"], details["message"], details["hint"], span_of(details))

    def to_json(self, relative_to: Path | None = None) -> dict[str, Any]:
        """The form documented in docs/json-output.md; a file below the folder is relative to it."""
        return {
            "code": self.code,
            "message": self.message,
            **_place(self.at, relative_to),
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True)
class DifferenceSummary:
    """Something that the source or the settings use and that works otherwise on Databricks.

    Attributes:
        feature: the words that were written, such as `photon`.
        databricks, here: what happens there, and in this run.
    """

    feature: str
    databricks: str
    here: str
    at: Span | None = None

    @classmethod
    def read(cls, details: Mapping[str, Any]) -> DifferenceSummary:
        """The summary of a difference that `difference_details` wrote into an event."""
        return cls(details["feature"], details["databricks"], details["here"], span_of(details))

    def to_json(self, relative_to: Path | None = None) -> dict[str, Any]:
        """The form documented in docs/json-output.md; a file below the folder is relative to it."""
        return {
            "feature": self.feature,
            "databricks": self.databricks,
            "here": self.here,
            **_place(self.at, relative_to),
        }


@dataclass(frozen=True, slots=True)
class UpdateSummary:
    """What an update did.

    Attributes:
        update_id: None for an error that came before there was an update.
        state: an update state of reference 5.1.
        seconds: from the update's creation to its end.
        dry_run: the update only checked the definitions.
        warnings: what is odd about the source and did not stop the update.
        differences: what Databricks would have done otherwise.
    """

    update_id: str | None
    state: str
    seconds: float
    datasets: tuple[DatasetSummary, ...] = ()
    errors: tuple[ErrorSummary, ...] = ()
    pipeline_name: str = ""
    dry_run: bool = False
    warnings: tuple[ErrorSummary, ...] = ()
    differences: tuple[DifferenceSummary, ...] = ()

    def to_json(self, relative_to: Path | None = None) -> dict[str, Any]:
        """The form documented in docs/json-output.md; error files relative to the folder given."""
        return {
            "schema_version": SCHEMA_VERSION,
            "update_id": self.update_id,
            "state": self.state,
            "datasets": [each.to_json() for each in self.datasets],
            "errors": [each.to_json(relative_to) for each in self.errors],
            "warnings": [each.to_json(relative_to) for each in self.warnings],
            "differences": [each.to_json(relative_to) for each in self.differences],
            "seconds": self.seconds,
        }


def _place(at: Span | None, relative_to: Path | None) -> dict[str, Any]:
    """File, line and column; a file below the folder is relative to it."""
    file = at.file if at else None
    if file is not None and relative_to is not None and file.is_relative_to(relative_to):
        file = file.relative_to(relative_to)
    return {
        "file": file.as_posix() if file is not None else None,
        "line": at.line if at else None,
        "column": at.column if at else None,
    }
