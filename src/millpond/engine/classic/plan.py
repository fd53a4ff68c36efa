"""A query's analysed plan, and what it reads.

Without it, a materialized view is always recomputed, and a stream's sources are only checked by
Spark itself.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from millpond.engine.classic.fingerprint import Fingerprint, fingerprint
from millpond.engine.configuration import applied_configuration

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_RELATION = "org.apache.spark.sql.execution.datasources.LogicalRelation"
_INLINE = "org.apache.spark.sql.catalyst.plans.logical.LocalRelation"
_GENERATED = (
    "org.apache.spark.sql.catalyst.plans.logical.Range",
    "org.apache.spark.sql.catalyst.plans.logical.OneRowRelation",
    "org.apache.spark.sql.catalyst.plans.logical.OneRowRelation$",
    "org.apache.spark.sql.catalyst.plans.logical.CTERelationRef",
)
_ROWS = 10_000
"""Rows written in a query that are compared one by one; with more it is always run."""
_LOOK = threading.Lock()
_WHOLE = {"spark.sql.debug.maxToStringFields": "1000000"}
_DELTA = "org.apache.spark.sql.delta."
_EXPRESSION_ID = re.compile(r"(?:#|\bCTERelation(?:Ref|Def) )(\d+)L?")
_NUMBERED = re.compile(r"__millpond_\d+|millpond:[^,\]]*?:\d+")
_METRICS = re.compile(r"^(\W*CollectMetrics .*), -?\d+$", re.MULTILINE)
SUBQUERY = re.compile(r"(?:subquery|exists|list)#")
TIME = re.compile(
    r"\b(?:current_timestamp|current_date|current_time|current_user|session_user|now|curdate"
    r"|localtimestamp|current_database|current_catalog|current_schema|version"
    r"|input_file_name|input_file_block_start|input_file_block_length)\(",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A query's plan as far as it decides whether running it again could change the result.

    Attributes:
        text: the analysed plan without the numbers that differ from run to run.
        rows: those that were written in the query itself, as SQL.
        tables: of each Delta table read its id, version and when that was written, sorted.
        unstable: why the same inputs may give another result, or None.
        outside: it reads something whose version cannot be told.
    """

    text: tuple[str, str]
    rows: tuple[str, ...]
    tables: tuple[tuple[str, int, int], ...]
    unstable: str | None
    outside: bool


@dataclass(frozen=True, slots=True)
class StreamSource:
    """One source of a streaming query, in the plan's order: its format and, if it has one, path."""

    format: str
    path: str | None


def plan_of(frame: DataFrame) -> Plan | None:
    """The plan of a batch frame; None where the session cannot tell."""
    analysed = _analysed(frame)
    if analysed is None:
        return None
    with _LOOK, applied_configuration(frame.sparkSession, _WHOLE):
        raw = str(analysed.treeString(True, False, 1_000_000, False, False))
        found = fingerprint(str(analysed.toJSON()))
    tables: set[tuple[str, int, int]] = set()
    rows: list[str] = []
    outside = False
    for leaf in _leaves(analysed):
        kind = leaf.getClass().getName()
        table = _delta_version(leaf) if kind == _RELATION else None
        written = _written_rows(leaf) if kind == _INLINE else None
        if table is not None:
            tables.add(table)
        elif written is not None:
            rows.append(written)
        elif kind not in _GENERATED:
            outside = True
    return Plan(
        (_normalised(raw), found.text),
        tuple(rows),
        tuple(sorted(tables)),
        _instability(raw, found, deterministic=bool(analysed.deterministic())),
        # A subquery's relations are no leaves of the plan.
        outside or SUBQUERY.search(raw) is not None,
    )


def stream_sources(frame: DataFrame) -> tuple[StreamSource, ...] | None:
    """The sources of a streaming frame; None where the session cannot tell."""
    analysed = _analysed(frame)
    if analysed is None:
        return None
    found = []
    for leaf in _leaves(analysed):
        kind = leaf.getClass().getSimpleName()
        if kind == "StreamingRelation":
            source = leaf.dataSource()
            path = source.options().get("path")
            where = str(path.get()) if path.isDefined() else None
            found.append(StreamSource(str(source.className()), where))
        elif kind == "StreamingRelationV2":
            found.append(StreamSource(str(leaf.sourceName()), None))
    return tuple(found)


def _analysed(frame: DataFrame) -> Any | None:
    inner = getattr(frame, "_jdf", None)
    return None if inner is None else inner.queryExecution().analyzed()


def _leaves(plan: Any) -> Iterator[Any]:
    leaves = plan.collectLeaves()
    for index in range(leaves.size()):
        yield leaves.apply(index)


def _written_rows(relation: Any) -> str | None:
    """The rows of a relation as SQL; None if they are too many."""
    size = int(relation.data().size())
    if size > _ROWS:
        return None
    return str(relation.toSQL("rows")) if size else ""


def _delta_version(relation: Any) -> tuple[str, int, int] | None:
    files = relation.relation()
    if not hasattr(files, "location"):
        return None
    try:
        location = files.location()
    except Exception:  # noqa: BLE001 - py4j's way to say that a relation is not of files
        return None
    if not str(location.getClass().getName()).startswith(_DELTA):
        return None
    snapshot = location.getSnapshot()
    # Copies of a table that went on apart have the same id and may have the same version.
    return str(snapshot.metadata().id()), int(snapshot.version()), int(snapshot.timestamp())


def _instability(raw: str, found: Fingerprint, *, deterministic: bool) -> str | None:
    if not deterministic:
        return "NON_DETERMINISTIC_EXPRESSION"
    if found.time or TIME.search(raw):
        return "TIME_FUNCTION"
    return "USER_DEFINED_FUNCTION" if found.functions else None


def _normalised(raw: str) -> str:
    numbers: dict[str, int] = {}
    text = _METRICS.sub(r"\1", _NUMBERED.sub("~", raw))
    return _EXPRESSION_ID.sub(
        lambda match: f"#{numbers.setdefault(match.group(1), len(numbers))}", text
    )
