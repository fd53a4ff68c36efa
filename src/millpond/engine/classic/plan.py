"""A query's analysed plan, and what it reads.

Without it, a materialized view is always recomputed, and a stream's sources are only checked by
Spark itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_RELATION = "org.apache.spark.sql.execution.datasources.LogicalRelation"
_INLINE = "org.apache.spark.sql.catalyst.plans.logical.LocalRelation"
_GENERATED = (
    "org.apache.spark.sql.catalyst.plans.logical.Range",
    "org.apache.spark.sql.catalyst.plans.logical.OneRowRelation",
    "org.apache.spark.sql.catalyst.plans.logical.OneRowRelation$",
)
_DELTA = "org.apache.spark.sql.delta."
_EXPRESSION_ID = re.compile(r"#(\d+)L?")
_NUMBERED = re.compile(r"__millpond_\d+|millpond:[^,\]]*?:\d+")
_ALIASED = re.compile(r" AS .*?#(\d+)")
_FUNCTION_RESULT = re.compile(r"\)#(\d+)")
_PYTHON_OPERATOR = re.compile(r"(?:InPandas|InArrow|InPySpark|EvalPython|PythonUDTF|WithState)\b")
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
        tables: of each Delta table read its id and version, sorted.
        unstable: why the same inputs may give another result, a word of reference 6.5, or None.
        outside: it reads something whose version cannot be told.
        inline: it holds rows that were written in the query itself.
    """

    text: str
    tables: tuple[tuple[str, int], ...]
    unstable: str | None
    outside: bool
    inline: bool


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
    raw = str(analysed.treeString(True, False, 1_000_000, False, False))
    tables: set[tuple[str, int]] = set()
    outside = inline = False
    for leaf in _leaves(analysed):
        kind = leaf.getClass().getName()
        found = _delta_version(leaf) if kind == _RELATION else None
        if found is not None:
            tables.add(found)
        elif kind == _INLINE:
            inline = True
        elif kind not in _GENERATED:
            outside = True
    return Plan(
        _normalised(raw),
        tuple(sorted(tables)),
        _instability(raw, deterministic=bool(analysed.deterministic())),
        # A subquery's relations are no leaves of the plan.
        outside or SUBQUERY.search(raw) is not None,
        inline,
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


def _delta_version(relation: Any) -> tuple[str, int] | None:
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
    return str(snapshot.metadata().id()), int(snapshot.version())


def _instability(raw: str, *, deterministic: bool) -> str | None:
    if not deterministic:
        return "NON_DETERMINISTIC_EXPRESSION"
    if TIME.search(raw):
        return "TIME_FUNCTION"
    named = set(_ALIASED.findall(raw))
    calls = set(_FUNCTION_RESULT.findall(raw)) - named
    # Only a Python function is written as `name(arguments)#id` without a name after AS.
    if calls or _PYTHON_OPERATOR.search(raw):
        return "USER_DEFINED_FUNCTION"
    return None


def _normalised(raw: str) -> str:
    numbers: dict[str, int] = {}
    text = _NUMBERED.sub("~", raw)
    return _EXPRESSION_ID.sub(
        lambda match: f"#{numbers.setdefault(match.group(1), len(numbers))}", text
    )
