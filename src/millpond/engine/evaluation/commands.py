"""SHOW, DESCRIBE and USE in `spark.sql(…)` and `millpond sql`, by the user's own names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from millpond.definitions import parse_name
from millpond.engine.evaluation import catalog, delta_commands
from millpond.engine.evaluation.relations import Evaluation, evaluating
from millpond.location import Span

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_NAME = r"((?:`(?:[^`]|``)+`|[^\s`.;]+)(?:\.(?:`(?:[^`]|``)+`|[^\s`.;]+))*)"


def command_frame(
    session: SparkSession, text: str, evaluation: Evaluation, at: Span
) -> DataFrame | None:
    """The answer to a command about names, or None for any other statement.

    Raises:
        MillpondError: TABLE_OR_VIEW_NOT_FOUND at `at`.
    """
    for pattern, answer in _COMMANDS:
        match = pattern.fullmatch(text)
        if match is not None:
            # The names are looked up before Spark is asked, which then is to mean itself.
            return answer(session, match.groups(), evaluation, at)
    return None


_Groups = tuple[str | None, ...]


def _show_tables(s: SparkSession, given: _Groups, evaluation: Evaluation, at: Span) -> DataFrame:
    found = catalog.list_tables(evaluation, None, None, given[0], given[1])
    rows = [(*(each.namespace or [""]), each.name, each.isTemporary) for each in found]
    return _frame(s, rows, "namespace STRING, tableName STRING, isTemporary BOOLEAN")


def _show_schemas(s: SparkSession, given: _Groups, evaluation: Evaluation, at: Span) -> DataFrame:
    parts = parse_name(given[0], what="catalog", at=at) if given[0] else ()
    chosen = parts[0] if parts else evaluation.relations.catalog
    rows = [(schema,) for schema in catalog.schemas_in(evaluation, chosen)]
    return _frame(s, rows, "databaseName STRING")


def _show_catalogs(s: SparkSession, given: _Groups, evaluation: Evaluation, at: Span) -> DataFrame:
    return _frame(s, [(name,) for name in catalog.catalogs_of(evaluation)], "catalog STRING")


def _describe(s: SparkSession, given: _Groups, evaluation: Evaluation, at: Span) -> DataFrame:
    rows = [
        (column.name, column.dataType, column.description)
        for column in catalog.list_columns(evaluation, None, None, given[0] or "")
    ]
    return _frame(s, rows, "col_name STRING, data_type STRING, comment STRING")


def _describe_schema(s: SparkSession, given: _Groups, e: Evaluation, at: Span) -> DataFrame:
    *catalog_name, schema = parse_name(given[0] or "", what="schema", at=at)
    rows = [
        ("Catalog Name", catalog_name[-1] if catalog_name else e.relations.catalog),
        ("Namespace Name", schema),
    ]
    return _frame(s, rows, "info_name STRING, info_value STRING")


def _columns(s: SparkSession, given: _Groups, evaluation: Evaluation, at: Span) -> DataFrame:
    rows = [(each.name,) for each in catalog.list_columns(evaluation, None, None, given[0] or "")]
    return _frame(s, rows, "col_name STRING")


def _use_catalog(s: SparkSession, given: _Groups, evaluation: Evaluation, at: Span) -> DataFrame:
    (name,) = parse_name(given[0] or "", what="catalog", at=at)[:1]
    catalog.set_current_catalog(evaluation, None, None, name)
    return _frame(s, [], "result STRING")


def _use_schema(s: SparkSession, given: _Groups, evaluation: Evaluation, at: Span) -> DataFrame:
    catalog.set_current_database(evaluation, None, None, given[0] or "")
    return _frame(s, [], "result STRING")


def _frame(session: SparkSession, rows: Sequence[tuple[object, ...]], schema: str) -> DataFrame:
    with evaluating(None):
        return session.createDataFrame(list(rows), schema)


def _command(text: str) -> re.Pattern[str]:
    whole = re.sub(r"\bNAME\b", lambda _: _NAME, rf"\s*{text}\s*;?\s*").replace(" ", r"\s+")
    return re.compile(whole, re.IGNORECASE | re.DOTALL)


_COMMANDS: tuple[
    tuple[re.Pattern[str], Callable[[SparkSession, _Groups, Evaluation, Span], DataFrame]], ...
] = (
    (_command(r"SHOW TABLES(?: (?:IN|FROM) NAME)?(?: (?:LIKE )?'([^']*)')?"), _show_tables),
    (_command(r"SHOW (?:SCHEMAS|DATABASES)(?: (?:IN|FROM) NAME)?"), _show_schemas),
    (_command(r"SHOW CATALOGS"), _show_catalogs),
    (_command(r"SHOW COLUMNS (?:IN|FROM) NAME"), _columns),
    (_command(r"SHOW TBLPROPERTIES NAME(?:\s*\((.*?)\))?"), delta_commands.properties),
    (_command(r"SHOW CREATE TABLE NAME"), delta_commands.create_statement),
    (_command(r"SHOW PARTITIONS NAME"), delta_commands.partitions),
    (_command(r"DESC(?:RIBE)? HISTORY NAME(?: LIMIT (\d+))?"), delta_commands.history),
    (_command(r"DESC(?:RIBE)? DETAIL NAME"), delta_commands.detail),
    (_command(r"DESC(?:RIBE)? (?:SCHEMA|DATABASE)(?: EXTENDED)? NAME"), _describe_schema),
    (_command(r"DESC(?:RIBE)?(?: TABLE)?(?: EXTENDED| FORMATTED)? NAME"), _describe),
    (_command(r"USE CATALOG NAME"), _use_catalog),
    (_command(r"USE(?: (?:SCHEMA|DATABASE|NAMESPACE))? NAME"), _use_schema),
)
