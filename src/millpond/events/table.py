"""The event log as a Delta table with Databricks' columns (reference 6.1)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond.delta_log import is_table
from millpond.events.event import Event

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, Row, SparkSession

_INSTANCE = "local"

_ORIGIN = """
    cloud: STRING, region: STRING, org_id: BIGINT, user_id: BIGINT, pipeline_id: STRING,
    pipeline_type: STRING, pipeline_name: STRING, cluster_id: STRING, update_id: STRING,
    table_id: STRING, table_name: STRING, dataset_name: STRING, sink_name: STRING,
    flow_id: STRING, flow_name: STRING, batch_id: BIGINT, request_id: STRING,
    maintenance_id: STRING, materialization_name: STRING, uc_resource_id: STRING,
    ingestion_source_catalog_name: STRING, ingestion_source_schema_name: STRING,
    ingestion_source_table_name: STRING, ingestion_source_table_version: STRING,
    ingestion_source_connection_name: STRING, ingestion_source_type: STRING
"""
_FRAME = "declaring_class: STRING, method_name: STRING, file_name: STRING, line_number: BIGINT"
_EXCEPTION = f"class_name: STRING, message: STRING, stack: ARRAY<STRUCT<{_FRAME}>>"
_DATA_PLANE = "data_plane_id: STRUCT<instance: STRING, seq_no: BIGINT>"

SCHEMA = f"""
    id STRING,
    sequence STRUCT<control_plane_seq_no: BIGINT, {_DATA_PLANE}>,
    origin STRUCT<{_ORIGIN}>,
    timestamp TIMESTAMP,
    message STRING,
    level STRING,
    maturity_level STRING,
    error STRUCT<fatal: BOOLEAN, exceptions: ARRAY<STRUCT<{_EXCEPTION}>>>,
    details STRING,
    event_type STRING
"""
"""The table's columns as a DDL string: `details` is JSON text, as documented queries expect."""


def append(spark: SparkSession, path: str | Path, events: Iterable[Event]) -> None:
    """Add the events to the log at a path in one commit; makes the table if there is none.

    Nothing is committed for no events.
    """
    rows = [_row(event) for event in events]
    if rows:
        frame = spark.createDataFrame(rows, SCHEMA).coalesce(1)
        frame.write.format("delta").mode("append").save(str(path))


def log(spark: SparkSession, path: str | Path) -> DataFrame:
    """The log at a path as a frame; without rows before the first update has ended."""
    if not is_table(Path(path)):
        return spark.createDataFrame([], SCHEMA)
    return spark.read.format("delta").load(str(path))


def not_in(spark: SparkSession, path: str | Path, events: Iterable[Event]) -> list[Event]:
    """Those of some events that the log at a path does not have."""
    found = list(events)
    if found and is_table(Path(path)):
        updates = {event.update_id for event in found}
        known = {event.id for update in updates for event in read(spark, path, update)}
        found = [event for event in found if event.id not in known]
    return found


def read(spark: SparkSession, path: str | Path, update_id: str | None = None) -> list[Event]:
    """The events of the log at a path, in order; of one update if its id is given."""
    from pyspark.sql import functions as F

    frame = log(spark, path)
    if update_id is not None:
        frame = frame.where(F.col("origin.update_id") == update_id)
    # As a number, the moment needs no time zone of this machine to be read back.
    frame = frame.withColumn("timestamp", F.unix_micros("timestamp"))
    return [_event(row) for row in frame.orderBy("sequence.data_plane_id.seq_no").collect()]


def read_last_update(spark: SparkSession, path: str | Path, pipeline_id: str) -> list[Event]:
    """The events of the last update of a pipeline, dry runs left out; none if there is none."""
    from pyspark.sql import functions as F

    mine = (F.col("origin.pipeline_id") == pipeline_id) & (F.col("event_type") == "create_update")
    created = log(spark, path).where(mine).orderBy(F.desc("sequence.data_plane_id.seq_no"))
    dry = F.get_json_object("details", "$.create_update.validate_only")
    real = created.where(F.coalesce(dry, F.lit("false")) == "false")
    for row in real.select("origin.update_id").limit(1).collect():
        return read(spark, path, row["update_id"])
    return []


def event_row(event: Event) -> dict[str, Any]:
    """An event as an event hook gets it: a row of the log with its details nested."""
    return {
        "id": event.id,
        "sequence": {"data_plane_id": {"instance": _INSTANCE, "seq_no": event.sequence}},
        "origin": {key: value for key, value in event.origin.items() if value is not None},
        "timestamp": event.timestamp.isoformat(),
        "message": event.message,
        "level": event.level,
        "maturity_level": event.maturity_level,
        "error": dict(event.error) if event.error is not None else None,
        "details": json.loads(json.dumps(event.details, default=str)),
        "event_type": event.event_type,
    }


def _row(event: Event) -> tuple[Any, ...]:
    return (
        event.id,
        (event.sequence, (_INSTANCE, event.sequence)),
        dict(event.origin),
        event.timestamp,
        event.message,
        event.level,
        event.maturity_level,
        dict(event.error) if event.error is not None else None,
        json.dumps(event.details, default=str),
        event.event_type,
    )


def _event(row: Row) -> Event:
    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
    return Event(
        id=row["id"],
        sequence=row["sequence"]["data_plane_id"]["seq_no"],
        origin=row["origin"].asDict(),
        timestamp=epoch + timedelta(microseconds=row["timestamp"]),
        message=row["message"],
        level=row["level"],
        event_type=row["event_type"],
        details=json.loads(row["details"]),
        error=row["error"].asDict(recursive=True) if row["error"] is not None else None,
        maturity_level=row["maturity_level"],
    )
