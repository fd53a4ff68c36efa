"""Tasks of jobs that are queries: SQL files and dashboards, over the pipelines' tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from millpond.codes import TABLE_OR_VIEW_NOT_FOUND
from millpond.errors import MillpondError
from millpond.workspace.api import ApiError
from millpond.workspace.dashboards import Dashboards
from millpond.workspace.files import Files
from millpond.workspace.updates import UpdateRunner, told

Query = Callable[[Path, str, Mapping[str, str], tuple[str | None, str | None]], Iterable[Any]]
"""Asks the tables in a state folder; with default catalog and schema, None for the pipeline's."""

_NOTHING_RAN = "No pipeline has run in this workspace."


class Tasks:
    """Runs the tasks that need no cluster.

    Args:
        query: how to ask; with the engine if None.
    """

    def __init__(
        self, files: Files, dashboards: Dashboards, runner: UpdateRunner, query: Query | None
    ) -> None:
        self._files = files
        self._dashboards = dashboards
        self._runner = runner
        self._query = query or ask_with_millpond

    def run(self, task: Mapping[str, Any]) -> tuple[str, str] | None:
        """The result state and message of a task; None for a kind that is not run here."""
        sql = task.get("sql_task") or {}
        try:
            if "file" in sql:
                text = self._files.content(str(sql["file"]["path"])).decode()
                given = {key: str(value) for key, value in (sql.get("parameters") or {}).items()}
                return "SUCCESS", f"{self._asked(text, given)} rows"
            if "dashboard_task" in task:
                return "SUCCESS", self._refreshed(str(task["dashboard_task"]["dashboard_id"]))
        except (ApiError, MillpondError) as error:
            return "FAILED", told(error)
        return None

    def _refreshed(self, identity: str) -> str:
        draft = self._dashboards.draft(identity)
        document = json.loads(draft.get("serialized_dashboard") or "{}")
        names = (draft.get("dataset_catalog"), draft.get("dataset_schema"))
        found = document.get("datasets") or []
        for each in found:
            self._asked("".join(each.get("queryLines") or [each.get("query") or ""]), {}, names)
        return f"{len(found)} datasets"

    def _asked(
        self,
        text: str,
        parameters: Mapping[str, str],
        names: tuple[str | None, str | None] = (None, None),
    ) -> int:
        """How many rows a query has over the first pipeline whose tables it names."""
        missing = ApiError(400, "INVALID_STATE", _NOTHING_RAN)
        with self._runner.asking() as states:
            for number, state in enumerate(states, 1):
                try:
                    return sum(1 for _ in self._query(state, text, parameters, names))
                except MillpondError as error:
                    if error.code is not TABLE_OR_VIEW_NOT_FOUND or number == len(states):
                        raise
        raise missing


def ask_with_millpond(
    state: Path, text: str, parameters: Mapping[str, str], names: tuple[str | None, str | None]
) -> Iterable[Any]:
    """The rows of a query, by the engine in this process."""
    from millpond.engine.query import run_sql

    _, rows = run_sql(state, text, parameters, catalog=names[0], schema=names[1])
    return rows
