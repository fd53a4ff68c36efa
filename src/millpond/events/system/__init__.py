"""The system tables of a local history, as queries over its event log (reference 6.8 to 6.12).

Every table has all columns that are documented for it. A laptop has one account and one
workspace, both named `local`, so that joins on those columns find their rows. What only a
workspace knows (runs of jobs, billing) has no rows here; `millpond.yml` may map such a table to
rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from millpond.events.system.jobs import job_tasks, jobs
from millpond.events.system.lineage import table_lineage
from millpond.events.system.pipelines import (
    pipeline_events,
    pipeline_update_timeline,
    pipelines,
)
from millpond.events.system.unfilled import UNFILLED

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FILLED: dict[str, Callable[[DataFrame], DataFrame]] = {
    "system.lakeflow.pipelines": pipelines,
    "system.lakeflow.pipeline_update_timeline": pipeline_update_timeline,
    "system.lakeflow.pipeline_events": pipeline_events,
    "system.lakeflow_pipeline_events_preview.pipeline_events": pipeline_events,
    "system.lakeflow.jobs": jobs,
    "system.lakeflow.job_tasks": job_tasks,
    "system.access.table_lineage": table_lineage,
}
"""Tables that local updates fill, by their names in full and in lower case."""

SYSTEM_TABLES = frozenset((*FILLED, *UNFILLED))
"""The names of all system tables there are here."""


def system_table(spark: SparkSession, name: str, events: DataFrame) -> DataFrame:
    """A system table.

    Args:
        name: one of `SYSTEM_TABLES`.
        events: the event log of every local update.
    """
    if name in UNFILLED:
        return spark.createDataFrame([], UNFILLED[name])
    return FILLED[name](events)
