"""A dataset: a streaming table, a materialized view or a temporary view, as defined in source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from millpond.definitions.computed_column import ComputedColumn
from millpond.definitions.expectation import Expectation
from millpond.definitions.names import Name
from millpond.location import Span


class DatasetKind(str, Enum):
    """What a dataset is. The values are those of the JSON output and the event log."""

    STREAMING_TABLE = "STREAMING_TABLE"
    MATERIALIZED_VIEW = "MATERIALIZED_VIEW"
    TEMPORARY_VIEW = "VIEW"
    SINK = "SINK"
    """No dataset, but a target of flows: a place outside of the pipeline."""
    TABLE = "TABLE"
    """Decided by the query: `@table` on a streaming frame is a streaming table, on a batch
    frame a materialized view. Never left in a resolved graph."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset as the user defined it.

    Attributes:
        name: as written, one to three parts.
        schema: a DDL string of names, types, NOT NULL and COMMENT, a pyspark StructType (kept as
            `object`), or None to infer.
        computed: of the columns of `schema`, those the query need not give.
        published: of a view, that it is in the catalog (CREATE VIEW) and not the pipeline's own.
        managed: of a streaming table, that it is a plain table filled by flows (CREATE TABLE).
        language: `PYTHON` or `SQL`.
        at: the decorator's function, the call, or the name in the CREATE statement.
        column_comments: of columns listed without types, by name; with types they are in `schema`.
    """

    name: Name
    kind: DatasetKind
    at: Span
    language: str
    comment: str | None = None
    schema: object = None
    computed: tuple[ComputedColumn, ...] = ()
    partition_by: tuple[str, ...] = ()
    cluster_by: tuple[str, ...] = ()
    table_properties: Mapping[str, str] = field(default_factory=dict)
    private: bool = False
    expectations: tuple[Expectation, ...] = ()
    column_comments: Mapping[str, str] = field(default_factory=dict)
    published: bool = False
    managed: bool = False
