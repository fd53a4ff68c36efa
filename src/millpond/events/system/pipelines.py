"""`system.lakeflow`: pipelines, their updates and their events (reference 6.8.1, 6.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_ENDED = "('COMPLETED', 'FAILED', 'CANCELED')"
_CONFIG = (
    "STRUCT<name: STRING, tags: MAP<STRING, STRING>, configuration: MAP<STRING, STRING>,"
    " photon: BOOLEAN, development: BOOLEAN, continuous: BOOLEAN, serverless: BOOLEAN,"
    " edition: STRING, channel: STRING>"
)
_CREATED = (
    f"STRUCT<create_update: STRUCT<run_as: STRING, cause: STRING, config: {_CONFIG},"
    " full_refresh: BOOLEAN, validate_only: BOOLEAN, refresh_selection: ARRAY<STRING>,"
    " full_refresh_selection: ARRAY<STRING>, reset_checkpoint_selection: ARRAY<STRING>>>"
)
_HERE = ("'local' AS account_id", "'local' AS workspace_id")


def pipelines(events: DataFrame) -> DataFrame:
    """`system.lakeflow.pipelines`: a row for each state that a pipeline's settings were in."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    history = Window.partitionBy("pipeline_id").orderBy("change_time")
    asked = created(events).withColumn("written", F.to_json("config"))
    changed = asked.withColumns(
        {
            "before": F.lag("written").over(history),
            "first": F.first("change_time").over(history),
            "maker": F.first("run_as").over(history),
        }
    ).where("before IS NULL OR before <> written")
    return changed.selectExpr(
        *_HERE,
        "pipeline_id",
        "'ETL_PIPELINE' AS pipeline_type",
        "pipeline_name AS name",
        "maker AS created_by",
        "run_as",
        "config.tags AS tags",
        "named_struct('photon', config.photon, 'development', config.development, 'continuous',"
        " config.continuous, 'serverless', config.serverless, 'edition', config.edition,"
        " 'channel', config.channel) AS settings",
        "config.configuration AS configuration",
        "first AS create_time",
        "change_time",
        "CAST(NULL AS TIMESTAMP) AS delete_time",
    )


def pipeline_update_timeline(events: DataFrame) -> DataFrame:
    """`system.lakeflow.pipeline_update_timeline`: updates, cut at the hours of the clock.

    The result is in an update's last slice only. An update that was killed has none, and ends
    with its last event.
    """
    from pyspark.sql import functions as F

    state = "details.update_progress.state"
    progress = "STRUCT<update_progress: STRUCT<state: STRING>>"
    ended = (
        events.where("event_type = 'update_progress'")
        .withColumn("details", F.from_json("details", progress))
        .where(f"{state} IN {_ENDED}")
        .groupBy(F.col("origin.update_id").alias("update_id"))
        .agg(F.max_by(state, "timestamp").alias("result"))
    )
    spans = events.groupBy(F.col("origin.update_id").alias("update_id")).agg(
        F.min("timestamp").alias("started"), F.max("timestamp").alias("ended")
    )
    sliced = (
        created(events)
        .join(spans, "update_id")
        .join(ended, "update_id", "left")
        .withColumn("hour", F.expr(_HOURS))
    )
    return sliced.selectExpr(
        *_HERE,
        "pipeline_id",
        "update_id",
        "CASE WHEN validate_only THEN 'VALIDATE' WHEN full_refresh THEN 'FULL_REFRESH'"
        " ELSE 'REFRESH' END AS update_type",
        "update_id AS request_id",
        "run_as AS run_as_user_name",
        "cause AS trigger_type",
        "CAST(NULL AS STRUCT<job_task: STRUCT<job_id: STRING, job_task_run_id: STRING,"
        " performance_target: STRING>>) AS trigger_details",
        "CASE WHEN ended <= hour + INTERVAL 1 HOUR THEN result END AS result_state",
        "named_struct('type', if(coalesce(config.serverless, false), 'SERVERLESS',"
        " 'CLASSIC_COMPUTE'), 'cluster_id', CAST(NULL AS STRING)) AS compute",
        "greatest(started, hour) AS period_start_time",
        "least(ended, hour + INTERVAL 1 HOUR) AS period_end_time",
        "refresh_selection",
        "full_refresh_selection",
        "reset_checkpoint_selection",
    )


_HOURS = (
    "explode(sequence(date_trunc('HOUR', started), greatest(date_trunc('HOUR', started),"
    " date_trunc('HOUR', ended - INTERVAL 1 MICROSECOND)), INTERVAL 1 HOUR))"
)


def pipeline_events(events: DataFrame) -> DataFrame:
    """`pipeline_events` (Beta): the event log of all pipelines, with `details` as VARIANT."""
    return events.selectExpr(
        *_HERE,
        "origin.pipeline_id",
        "origin.update_id",
        "id AS pipeline_event_id",
        "event_type",
        "timestamp AS event_time",
        "origin",
        "message",
        "level",
        "maturity_level",
        "error",
        "parse_json(details) AS details",
    )


def created(events: DataFrame) -> DataFrame:
    """The `create_update` events: what each update was asked for, in columns of their own."""
    from pyspark.sql import functions as F

    return (
        events.where("event_type = 'create_update'")
        .withColumn("details", F.from_json("details", _CREATED))
        .selectExpr(
            "origin.pipeline_id",
            "origin.pipeline_name",
            "origin.update_id",
            "timestamp AS change_time",
            "details.create_update.*",
        )
    )
