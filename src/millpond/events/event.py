"""One row of the event log, and the origin that every row of an update shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in an update (reference 6.1).

    Attributes:
        id: unique; ids of later events sort after those of earlier ones.
        sequence: increases from event to event, across updates too.
        origin: the fields of `Origin`, those without a value included as None.
        timestamp: when it happened, in UTC and aware of it.
        message: one or more lines for people.
        level: `INFO`, `WARN`, `ERROR` or `METRICS`.
        event_type: which of the details of reference 6.3 this event has.
        details: one key, named like `event_type`, with that type's fields.
        error: `fatal` and `exceptions`, as reference 6.1 has them, or None.
        maturity_level: `STABLE` or `EVOLVING`.
    """

    id: str
    sequence: int
    origin: Mapping[str, Any]
    timestamp: datetime
    message: str
    level: str
    event_type: str
    details: Mapping[str, Any] = field(default_factory=dict)
    error: Mapping[str, Any] | None = None
    maturity_level: str = "STABLE"

    @property
    def body(self) -> Mapping[str, Any]:
        """The details without the key that repeats the event's type."""
        body: Mapping[str, Any] = self.details.get(self.event_type, {})
        return body

    @property
    def update_id(self) -> str | None:
        """The update this event belongs to."""
        return self.origin.get("update_id")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an event comes from: the fields of the log's `origin` column (reference 6.2).

    A laptop has no cloud, region or cluster: those stay None, as do the fields of
    features that are not used, so that a query that selects them finds the column.
    """

    pipeline_id: str
    pipeline_name: str
    update_id: str
    pipeline_type: str = "WORKSPACE"
    cloud: str | None = None
    region: str | None = None
    org_id: int | None = None
    user_id: int | None = None
    cluster_id: str | None = None
    request_id: str | None = None
    maintenance_id: str | None = None
    table_id: str | None = None
    table_name: str | None = None
    dataset_name: str | None = None
    sink_name: str | None = None
    flow_id: str | None = None
    flow_name: str | None = None
    batch_id: int | None = None
    materialization_name: str | None = None
    uc_resource_id: str | None = None
    ingestion_source_catalog_name: str | None = None
    ingestion_source_schema_name: str | None = None
    ingestion_source_table_name: str | None = None
    ingestion_source_table_version: str | None = None
    ingestion_source_connection_name: str | None = None
    ingestion_source_type: str | None = None

    def row(self) -> dict[str, Any]:
        """The origin as the log's column holds it, every field present."""
        return {each.name: getattr(self, each.name) for each in fields(self)}
