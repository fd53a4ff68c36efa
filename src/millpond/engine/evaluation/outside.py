"""Read tables that the pipeline does not make: mapped files, Delta tables, other runs' tables."""

from __future__ import annotations

import glob
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from millpond import codes
from millpond.cdc.hidden import visible
from millpond.definitions import QualifiedName
from millpond.engine.evaluation.relations import evaluating
from millpond.engine.event_logs import EventLogs
from millpond.engine.state import STATE_FILE, State, read_state, stored_path
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sources.delta_start import start_options
from millpond.spark_message import one_line

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from millpond.sources.inputs import LocalInputs, OutsideTable

_NEED_DELTA = frozenset(
    (
        "readchangedata",
        "readchangefeed",
        "startingtimestamp",
        "startingversion",
        "timestampasof",
        "versionasof",
    )
)


class OutsideTables:
    """Tables that are there before an update starts.

    A mapping in `millpond.yml` wins over a table of the same state folder, which another
    pipeline of the bundle, or an earlier definition of this one, has left there; then come the
    published event log and the system tables.

    Args:
        private: the reader is a published view, which may read private tables of its pipeline.
    """

    def __init__(
        self, session: SparkSession, state: State, inputs: LocalInputs, *, private: bool = False
    ) -> None:
        self._private = private
        self._session = session
        self._state = state
        self._inputs = inputs

    def frame(
        self, name: QualifiedName, streaming: bool, options: Mapping[str, str], at: Span
    ) -> DataFrame | None:
        """The table as a frame, or None if there is no such table.

        Raises:
            MillpondError: OUTSIDE_TABLE_NOT_DELTA, OUTSIDE_TABLE_UNREADABLE, or what is wrong
                with its mapping.
        """
        mapped = self._inputs.table(name)
        if mapped is not None and not mapped.is_state and mapped.format != "delta":
            return self._files(mapped, streaming, options, at)
        path = self.delta_path(name, at)
        if path is None:
            return None if streaming else EventLogs(self._session, self._state).by_name(name)
        given = {**(mapped.options if mapped is not None else {}), **options}
        return read_delta(self._session, path, streaming, given)

    def delta_path(self, name: QualifiedName, at: Span) -> Path | None:
        """The folder of a table's Delta table, or None if there is no such table.

        Raises:
            MillpondError: OUTSIDE_TABLE_NOT_DELTA for a table that is mapped to files.
        """
        mapped = self._inputs.table(name)
        here = stored_path(self._state, name, private=self._private)
        if mapped is None:
            return here
        if mapped.is_state:
            has_run = (mapped.path / STATE_FILE).is_file()
            there = stored_path(read_state(mapped.path), name) if has_run else None
            # A pattern of names may fit tables of this state folder too.
            return there or here
        if mapped.format != "delta":
            raise MillpondError(
                codes.OUTSIDE_TABLE_NOT_DELTA, at=at, name=name, what="as a Delta table"
            )
        return mapped.path

    def names(self) -> tuple[QualifiedName, ...]:
        """Every table that is mapped by its name, and those that earlier updates published."""
        found = {
            table.qualified.key: table.qualified
            for table in self._state.tables.values()
            if table.created and not table.private
        }
        for mapping in self._inputs.tables:
            if not any(set(part) & set("*?[") for part in mapping.pattern.parts):
                name = QualifiedName(*mapping.pattern.parts)
                found.setdefault(name.key, name)
        return tuple(found.values())

    def _files(
        self, table: OutsideTable, streaming: bool, options: Mapping[str, str], at: Span
    ) -> DataFrame:
        for option in options:
            if option.casefold() in _NEED_DELTA:
                raise MillpondError(
                    codes.OUTSIDE_TABLE_NOT_DELTA, at=at, name=table.name, what=f"with {option}"
                )
        from pyspark.errors import PySparkException

        try:
            with evaluating(None):
                return self._read(table, streaming, options)
        except PySparkException as error:
            raise MillpondError(
                codes.OUTSIDE_TABLE_UNREADABLE,
                at=table.at,
                name=table.name,
                reason=one_line(str(error)),
            ) from error

    def _read(self, table: OutsideTable, streaming: bool, options: Mapping[str, str]) -> DataFrame:
        reader = self._session.read.format(table.format).options(**table.options)
        if table.schema is not None:
            reader = reader.schema(table.schema)
        batch = reader.load(str(table.path))
        if not streaming:
            return batch
        stream = self._session.readStream.format(table.format).options(**table.options)
        stream = stream.schema(batch.schema).options(**options)
        if table.path.is_dir():
            return stream.load(str(table.path))
        # A stream of files reads a folder; of this one, it is to see a single file.
        name = glob.escape(table.path.name)
        return stream.option("pathGlobFilter", name).load(str(table.path.parent))


def read_delta(
    session: SparkSession, path: Path, streaming: bool, options: Mapping[str, str]
) -> DataFrame:
    """A Delta table by its path, whole or as a stream."""
    start = start_options(path, options) if streaming else {}
    with evaluating(None):
        reader = session.readStream if streaming else session.read
        frame = reader.format("delta").options(**options, **start).load(str(path))
        return visible(frame)
