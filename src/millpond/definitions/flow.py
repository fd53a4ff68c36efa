"""A flow: a query that fills one dataset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from millpond.definitions.cdc import AutoCdc, SnapshotCdc
from millpond.definitions.names import Name
from millpond.location import Span


class FlowKind(str, Enum):
    """How a flow writes. The values are `flow_type` of the event log (reference 6.3)."""

    APPEND = "APPEND"
    UPDATE = "UPDATE"
    """Changed rows of each batch, in update output mode, into a sink."""
    REPLACE_WHERE = "REPLACE_WHERE"
    """A batch query that replaces the rows a predicate selects."""
    REPLACE_USING = "REPLACE_USING"
    """A stream that replaces, key by key, the rows of a lower sequence."""
    COMPLETE = "MATERIALIZED_VIEW"
    VIEW = "VIEW"
    TABLE = "TABLE"
    """The implicit flow of a dataset of kind TABLE; decided with it."""
    AUTO_CDC = "CHANGE"
    SNAPSHOT_CDC = "SNAPSHOT_CHANGE"


@dataclass(frozen=True, slots=True)
class PythonQuery:
    """A dataset function of the user's; called without arguments it returns a DataFrame.

    One that gives snapshots is called with the version before, or None.
    """

    function: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class SqlQuery:
    """A query in SQL.

    Attributes:
        text: the query as written, `${key}` already substituted.
        at: where `text` starts in the user's file.
        catalog, schema: the defaults in force there (`USE CATALOG`, `USE SCHEMA`), or None
            for those of the pipeline.
    """

    text: str
    at: Span
    catalog: str | None = None
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class TableQuery:
    """A table or dataset by name, whole.

    Attributes:
        at: the call that names it.
    """

    name: Name
    streaming: bool
    at: Span


Query = PythonQuery | SqlQuery | TableQuery


@dataclass(frozen=True, slots=True)
class Flow:
    """A query and the dataset it fills.

    Attributes:
        name: the identity of its checkpoint within the pipeline; renaming it starts anew.
        target: the dataset, as written.
        once: run once, on a batch frame; again only after a full refresh.
        spark_conf: settings for this query alone.
        replace_where: the predicate of a REPLACE_WHERE flow, a SQL expression over the target.
        replace_using: the key columns of a REPLACE_USING flow, as written.
        sequence_by: its sequence, a SQL expression or a pyspark Column (kept as `object`).
        cdc: of AUTO_CDC and SNAPSHOT_CDC, how changes are applied; `query` is the change feed
            or the snapshots.
    """

    name: Name
    target: Name
    kind: FlowKind
    query: Query
    at: Span
    language: str
    comment: str | None = None
    once: bool = False
    spark_conf: Mapping[str, str] = field(default_factory=dict)
    replace_where: str | None = None
    replace_using: tuple[str, ...] = ()
    sequence_by: object = None
    cdc: AutoCdc | SnapshotCdc | None = None
