"""DESCRIBE DETAIL and HISTORY, SHOW TBLPROPERTIES, CREATE TABLE and PARTITIONS of a Delta table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from millpond import codes
from millpond.definitions import Name, parse_name, qualify, quoted
from millpond.engine.evaluation import catalog
from millpond.engine.evaluation.relations import Evaluation, evaluating
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.relations import is_path

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyspark.sql import DataFrame, Row, SparkSession

Given = tuple["str | None", ...]
"""What the pattern of a command has found: the name first."""

_NOT_PARTITIONED = "DESCRIBE DETAIL shows its partition and clustering columns."


def detail(session: SparkSession, given: Given, evaluation: Evaluation, at: Span) -> DataFrame:
    """`DESCRIBE DETAIL name`, with the user's name of the table.

    Raises:
        MillpondError: TABLE_OR_VIEW_NOT_FOUND, as all commands here.
    """
    from pyspark.sql import functions as F

    name = parse_name(given[0] or "", at=at)
    frame = _of_spark(session, "DESCRIBE DETAIL", name, evaluation, at)
    return frame if is_path(name) else frame.withColumn("name", F.lit(_full(evaluation, name)))


def history(session: SparkSession, given: Given, evaluation: Evaluation, at: Span) -> DataFrame:
    """`DESCRIBE HISTORY name [LIMIT n]`."""
    limit = f" LIMIT {given[1]}" if given[1] else ""
    name = parse_name(given[0] or "", at=at)
    return _of_spark(session, "DESCRIBE HISTORY", name, evaluation, at, limit)


def properties(session: SparkSession, given: Given, evaluation: Evaluation, at: Span) -> DataFrame:
    """`SHOW TBLPROPERTIES name [(key)]`."""
    key = f" ({given[1]})" if given[1] else ""
    name = parse_name(given[0] or "", at=at)
    return _of_spark(session, "SHOW TBLPROPERTIES", name, evaluation, at, key)


def partitions(session: SparkSession, given: Given, evaluation: Evaluation, at: Span) -> DataFrame:
    """`SHOW PARTITIONS name`.

    Raises:
        MillpondError: QUERY_FAILED for a table without partitions.
    """
    name = parse_name(given[0] or "", at=at)
    columns = _first(_of_spark(session, "DESCRIBE DETAIL", name, evaluation, at)).partitionColumns
    if not columns:
        reason = f"{_full(evaluation, name)} is not partitioned."
        raise MillpondError(codes.QUERY_FAILED, at=at, hint=_NOT_PARTITIONED, reason=reason)
    frame = evaluation.relations.published(name, at)
    with evaluating(None):
        return frame.select(*map(quoted, columns)).distinct()


def create_statement(
    session: SparkSession, given: Given, evaluation: Evaluation, at: Span
) -> DataFrame:
    """`SHOW CREATE TABLE name`: columns, layout, comment and properties of the table as it is."""
    name = parse_name(given[0] or "", at=at)
    found = _first(_of_spark(session, "DESCRIBE DETAIL", name, evaluation, at))
    columns = [
        f"  {quoted(each.name)} {each.dataType}" + _clause(" COMMENT {}", each.description)
        for each in catalog.list_columns(evaluation, None, None, given[0] or "")
    ]
    full = qualify(name, evaluation.relations.catalog, evaluation.relations.schema)
    shown = ".".join(map(quoted, (full.catalog, full.schema, full.name)))
    lines = [f"CREATE TABLE {shown} (", ",\n".join(columns) + ")", "USING delta"]
    lines += _layout("PARTITIONED BY", found.partitionColumns)
    lines += _layout("CLUSTER BY", found.clusteringColumns)
    lines += filter(None, [_clause("COMMENT {}", found.description)])
    given_properties = sorted(found.properties.items())
    if given_properties:
        pairs = (f"  {_string(key)} = {_string(value)}" for key, value in given_properties)
        lines += ["TBLPROPERTIES (", ",\n".join(pairs) + ")"]
    with evaluating(None):
        return session.createDataFrame([("\n".join(lines),)], "createtab_stmt STRING")


def _layout(words: str, columns: Sequence[str]) -> list[str]:
    return [f"{words} ({', '.join(map(quoted, columns))})"] if columns else []


def _clause(text: str, value: str | None) -> str:
    return text.format(_string(value)) if value else ""


def _string(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _of_spark(
    session: SparkSession,
    command: str,
    name: Name,
    evaluation: Evaluation,
    at: Span,
    rest: str = "",
) -> DataFrame:
    """Spark's answer to a command about the table's folder; `rest` stands behind it."""
    if is_path(name):
        place = evaluation.relations.local_path(name[1], at)
    else:
        place = str(evaluation.relations.delta_path(name, at))
    with evaluating(None):
        return session.sql(f"{command} delta.{quoted(place)}{rest}")


def _first(frame: DataFrame) -> Any:
    with evaluating(None):
        collect: Callable[[], list[Row]] = frame.collect
        return collect()[0]


def _full(evaluation: Evaluation, name: Name) -> str:
    relations = evaluation.relations
    return str(qualify(name, relations.catalog, relations.schema))
