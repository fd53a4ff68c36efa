"""What an update did, as a test asks for it: rows, counts, statuses, errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import PipelineSpec, QualifiedName, parse_name, qualify
from millpond.engine.evaluation.outside import read_delta
from millpond.engine.state import read_state
from millpond.errors import MillpondError
from millpond.events.outcome import (
    DatasetSummary,
    ErrorSummary,
    ExpectationSummary,
    UpdateSummary,
)
from millpond.testing.failure import told
from millpond.testing.rows import Row, in_order
from millpond.testing.substitutes import unknown_dataset
from millpond.testing.values import collected

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True, slots=True)
class Result:
    """One update of the pipeline under test.

    Names are the pipeline's own, of one, two or three parts. Counts, statuses and errors are
    those of this update; rows and frames are what the tables hold when they are asked for.

    Attributes:
        summary: all of it, as `millpond run --output json` tells it.
    """

    summary: UpdateSummary
    _spec: PipelineSpec
    _state: Path
    _session: SparkSession

    @property
    def state(self) -> str:
        """`COMPLETED` or `FAILED`."""
        return self.summary.state

    @property
    def errors(self) -> tuple[ErrorSummary, ...]:
        """What went wrong; empty if nothing did."""
        return self.summary.errors

    @property
    def error(self) -> ErrorSummary | None:
        """The first of the errors: `code`, `message`, `hint` and the place `at`; or None."""
        return self.errors[0] if self.errors else None

    @property
    def statuses(self) -> Mapping[str, str]:
        """The status of every dataset, by its full name."""
        return {each.name: each.status for each in self.summary.datasets}

    @told
    def dataset(self, name: str) -> DatasetSummary:
        """What the update did to a dataset: `kind`, `status`, `rows_written`, `rows_dropped`, ….

        Raises:
            PipelineFailed: TEST_DATASET_UNKNOWN.
        """
        return self._dataset(name)

    @told
    def status(self, name: str) -> str:
        """The status of a dataset: `COMPLETED`, `FAILED`, `SKIPPED`, `EXCLUDED`, ….

        Raises:
            PipelineFailed: TEST_DATASET_UNKNOWN.
        """
        return self._dataset(name).status

    @told
    def dropped(self, name: str) -> int:
        """How many rows the dataset's expectations dropped in this update.

        Raises:
            PipelineFailed: TEST_DATASET_UNKNOWN.
        """
        return self._dataset(name).rows_dropped

    @told
    def expectations(self, name: str) -> Mapping[str, ExpectationSummary]:
        """The expectations of a dataset by name, each with `passed`, `failed` and `action`.

        Raises:
            PipelineFailed: TEST_DATASET_UNKNOWN.
        """
        return {each.name: each for each in self._dataset(name).expectations}

    @told
    def rows(self, name: str) -> list[Row]:
        """The rows of a dataset as dicts, sorted by their values from the first column on.

        Structs are dicts too; times are without a zone, as the session (UTC) shows them.

        Raises:
            PipelineFailed: TEST_DATASET_UNKNOWN, or TEST_DATASET_WITHOUT_ROWS.
        """
        return in_order(collected(self._frame(name)))

    @told
    def frame(self, name: str) -> DataFrame:
        """The table of a dataset as a Spark frame, for chispa or checks of your own.

        Raises:
            PipelineFailed: TEST_DATASET_UNKNOWN, or TEST_DATASET_WITHOUT_ROWS.
        """
        return self._frame(name)

    @told
    def __getitem__(self, name: str) -> list[Row]:
        """The same as `rows`."""
        return in_order(collected(self._frame(name)))

    @told
    def sql(self, query: str) -> list[Row]:
        """The rows of a query over the tables, in its own order.

        Raises:
            PipelineFailed: TABLE_OR_VIEW_NOT_FOUND or QUERY_FAILED.
        """
        from millpond.engine.query import run_sql

        columns, rows = run_sql(self._state, query)
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def _dataset(self, name: str) -> DatasetSummary:
        full = self._full(name)
        for dataset in self.summary.datasets:
            if dataset.name.casefold() == full.key:
                return dataset
        raise unknown_dataset(name, [each.name for each in self.summary.datasets])

    def _frame(self, name: str) -> DataFrame:
        full = self._full(name)
        state = read_state(self._state)
        stored = state.tables.get(full.key)
        if stored is not None and stored.created and not stored.query:
            return read_delta(self._session, state.table_path(full), False, {})
        dataset = self._dataset(name)
        reason = f"it is a {dataset.kind.lower().replace('_', ' ')} with status {dataset.status}"
        raise MillpondError(codes.TEST_DATASET_WITHOUT_ROWS, name=full, reason=reason)

    def _full(self, name: str) -> QualifiedName:
        return qualify(parse_name(name), self._spec.catalog, self._spec.schema)
