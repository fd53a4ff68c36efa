"""`system.lakeflow.jobs` and `job_tasks`: the bundle's jobs that run a pipeline (reference 6.8).

A local update is no run of a job, so the tables of runs have no rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_TRIGGER = (
    "STRUCT<file_arrival: STRUCT<url: STRING, min_time_between_triggers_seconds: INT,"
    " wait_after_last_change_seconds: INT>, periodic: STRUCT<interval: INT, units: STRING>,"
    " continuous: STRUCT<enabled: BOOLEAN>, table_update: STRUCT<table_names: ARRAY<STRING>,"
    " min_time_between_triggers_seconds: BIGINT, wait_after_last_change_seconds: BIGINT,"
    " condition: STRING>, schedule: STRUCT<quartz_cron_expression: STRING, timezone_id: STRING>>"
)
_JOB = (
    "STRUCT<job_id: STRING, name: STRING, description: STRING, tags: MAP<STRING, STRING>,"
    f" run_as: STRING, trigger: {_TRIGGER}, paused: BOOLEAN, timeout_seconds: BIGINT,"
    " health_rules: ARRAY<STRUCT<metric: STRING, operator: STRING, value: BIGINT>>,"
    " tasks: ARRAY<STRUCT<task_key: STRING, depends_on_keys: ARRAY<STRING>>>>"
)
_CREATED = (
    "STRUCT<create_update: STRUCT<run_as: STRING, millpond: STRUCT<jobs: ARRAY<" + _JOB + ">>>>"
)
_HERE = ("'local' AS account_id", "'local' AS workspace_id")


def jobs(events: DataFrame) -> DataFrame:
    """`system.lakeflow.jobs`: a row for each state that a job's settings were in."""
    return _changes(events).selectExpr(
        *_HERE,
        "job.job_id",
        "job.name",
        "CAST(NULL AS STRING) AS creator_id",
        "job.tags",
        "coalesce(job.run_as, user) AS run_as",
        "change_time",
        "CAST(NULL AS TIMESTAMP) AS delete_time",
        "job.description",
        "job.trigger",
        "CAST(NULL AS STRING) AS trigger_type",
        "coalesce(job.run_as, user) AS run_as_user_name",
        "CAST(NULL AS STRING) AS creator_user_name",
        "job.paused",
        "job.timeout_seconds",
        "job.health_rules",
        "named_struct('kind', 'BUNDLE', 'metadata_file_path', CAST(NULL AS STRING)) AS deployment",
        "CAST(NULL AS TIMESTAMP) AS create_time",
    )


def job_tasks(events: DataFrame) -> DataFrame:
    """`system.lakeflow.job_tasks`: the tasks of each state of a job."""
    return (
        _changes(events)
        .selectExpr("job.job_id", "change_time", "explode(job.tasks) AS task")
        .selectExpr(
            *_HERE,
            "job_id",
            "task.task_key",
            "task.depends_on_keys",
            "change_time",
            "CAST(NULL AS TIMESTAMP) AS delete_time",
        )
    )


def _changes(events: DataFrame) -> DataFrame:
    """The jobs of each update that found them other than the one before."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    found = (
        events.where("event_type = 'create_update'")
        .withColumn("details", F.from_json("details", _CREATED))
        .selectExpr(
            "timestamp AS change_time",
            "details.create_update.run_as AS user",
            "explode(details.create_update.millpond.jobs) AS job",
        )
        .withColumn("written", F.to_json("job"))
    )
    history = Window.partitionBy("job.job_id").orderBy("change_time")
    changed = found.withColumn("before", F.lag("written").over(history))
    return changed.where("before IS NULL OR before <> written")
