"""Which tables the last update of a pipeline left failed, by its event log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from millpond.delta_log import is_table
from millpond.events import table

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def failed_tables(session: SparkSession, log: Path, pipeline_id: str) -> frozenset[str] | None:
    """Keys of the tables with a flow that FAILED; None if the update failed before flows ran.

    A dry run is no update. Without one before, nothing has failed.
    """
    if not is_table(log):
        return frozenset()
    events = [
        event
        for event in table.read_last_update(session, log, pipeline_id)
        if event.event_type in ("flow_progress", "update_progress")
    ]
    flows = {
        (event.origin["dataset_name"], event.origin["flow_name"]): event.body["status"]
        for event in events
        if event.event_type == "flow_progress"
    }
    if not flows and any(event.body.get("state") == "FAILED" for event in events):
        return None
    return frozenset(name.casefold() for (name, _), status in flows.items() if status == "FAILED")
