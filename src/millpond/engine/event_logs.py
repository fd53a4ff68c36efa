"""The event log as queries ask for it: by function, by its published name, in system tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from millpond import codes
from millpond.definitions import PipelineSpec, QualifiedName
from millpond.differences import EVENT_LOG_ID
from millpond.engine.evaluation.relations import evaluating
from millpond.engine.state import State
from millpond.errors import MillpondError
from millpond.events import table as event_table
from millpond.events.system import SYSTEM_TABLES, system_table
from millpond.location import Span
from millpond.notices import note

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def publish_log(state: State, spec: PipelineSpec) -> None:
    """Let the log be read by the name in the setting `event_log`, if there is one."""
    setting = spec.settings.get("event_log")
    if isinstance(setting, Mapping) and setting.get("name"):
        catalog, schema = setting.get("catalog"), setting.get("schema")
        name = QualifiedName(
            str(catalog or spec.catalog), str(schema or spec.schema), str(setting["name"])
        )
        state.publish_log(name, spec.pipeline_id)


class EventLogs:
    """Reads the log in a state folder, as the updates before this one left it."""

    def __init__(self, session: SparkSession, state: State) -> None:
        self._session = session
        self._state = state

    def by_id(self, pipeline_id: str, at: Span) -> DataFrame:
        """The log of one pipeline: `event_log('id')`.

        An id that the log does not have is one of a workspace; it means the pipeline that ran
        here, if only one did.

        Raises:
            MillpondError: EVENT_LOG_NOT_FOUND if several pipelines ran here.
        """
        known = self._pipelines()
        if pipeline_id in known or not known:
            return self._of(pipeline_id)
        note(EVENT_LOG_ID, at)
        if len(known) == 1:
            return self._of(*known)
        listed = ", ".join(f"{key} ({name})" for key, name in sorted(known.items()))
        raise MillpondError(codes.EVENT_LOG_NOT_FOUND, at=at, pipeline=pipeline_id, known=listed)

    def by_table(self, table: QualifiedName) -> DataFrame | None:
        """The log of the pipeline that fills a table, if one does: `event_log(TABLE(t))`."""
        stored = self._state.tables.get(table.key)
        return None if stored is None else self._of(stored.pipeline)

    def by_name(self, name: QualifiedName) -> DataFrame | None:
        """A published log, or a system table; None if the name is neither."""
        if name.key in self._state.event_logs:
            return self._of(self._state.event_logs[name.key])
        if name.key not in SYSTEM_TABLES:
            return None
        with evaluating(None):
            return system_table(self._session, name.key, self._all())

    def _of(self, pipeline_id: str) -> DataFrame:
        from pyspark.sql import functions as F

        with evaluating(None):
            return self._all().where(F.col("origin.pipeline_id") == pipeline_id)

    def _all(self) -> DataFrame:
        return event_table.log(self._session, self._state.events)

    def _pipelines(self) -> dict[str, str]:
        """Names of the pipelines that ran here, by id."""
        with evaluating(None):
            found = self._all().select("origin.pipeline_id", "origin.pipeline_name").distinct()
            return {row.pipeline_id: row.pipeline_name for row in found.collect()}
