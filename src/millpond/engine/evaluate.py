"""Evaluate a flow's query into a DataFrame, its errors told at the user's line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from millpond import codes
from millpond.definitions import Flow, PythonQuery, QualifiedName, SqlQuery
from millpond.definitions.caller import described, raised_span
from millpond.engine.relations import Evaluation, Relations, evaluating
from millpond.engine.sql import run_query
from millpond.errors import Failures, MillpondError
from millpond.location import Span

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def evaluate(
    flow: Flow, dataset: QualifiedName, session: SparkSession, relations: Relations
) -> DataFrame:
    """The DataFrame of a flow's query, reads answered by `relations`.

    Raises:
        MillpondError: for anything that goes wrong in the user's query or function.
    """
    evaluation = Evaluation(str(dataset), relations)
    with evaluating(evaluation):
        if isinstance(flow.query, SqlQuery):
            return _sql_frame(flow.query, dataset, session, evaluation)
        return _python_frame(flow.query, flow.at, dataset)


def _python_frame(query: PythonQuery, at: Span, dataset: QualifiedName) -> DataFrame:
    from pyspark.errors import PySparkException
    from pyspark.sql import DataFrame

    try:
        result: Any = query.function()
    except (MillpondError, Failures):
        raise
    except PySparkException as error:
        raise spark_error(error, dataset, raised_span(error) or at) from error
    except Exception as error:
        where = raised_span(error) or at
        raise MillpondError(
            codes.DATASET_FUNCTION_FAILED, at=where, dataset=dataset, error=described(error)
        ) from error
    if not isinstance(result, DataFrame):
        value = "nothing" if result is None else f"a {type(result).__name__}"
        raise MillpondError(codes.NOT_A_DATAFRAME, at=at, dataset=dataset, value=value)
    return result


def _sql_frame(
    query: SqlQuery, dataset: QualifiedName, session: SparkSession, evaluation: Evaluation
) -> DataFrame:
    from pyspark.errors import PySparkException

    def execute(text: str) -> DataFrame:
        with evaluating(None):
            return session.sql(text)

    try:
        return run_query(session, query.text, evaluation, query.at, execute, in_file=True)
    except PySparkException as error:
        raise spark_error(error, dataset, _position(error, query)) from error


def spark_error(error: Exception, dataset: QualifiedName, at: Span) -> MillpondError:
    """An error of Spark's analysis as one of ours: its condition, and its message in one line."""
    condition = getattr(error, "getCondition", lambda: None)() or type(error).__name__
    first = str(error).split("\n")[0]
    reason = re.sub(r"^\[[^\]]*\]\s*", "", first)
    reason = re.sub(r"\s*SQLSTATE: \w+.*$", "", reason)
    return MillpondError(
        codes.QUERY_NOT_VALID,
        at=at,
        dataset=dataset,
        condition=f"[{condition}]",
        reason=reason.rstrip(". ") + ".",
    )


_LINE_POSITION = re.compile(r"\(?line (\d+), pos(?:ition)? (\d+)\)?")


def _position(error: Exception, query: SqlQuery) -> Span:
    """Where in the user's file Spark's error is.

    The rewritten query has the same lines but not always the same columns, so a name that the
    error is about is looked up in the user's own line first.
    """
    found = _LINE_POSITION.search(str(error))
    line = int(found.group(1)) if found else 1
    lines = query.text.splitlines() or [""]
    text = lines[min(line, len(lines)) - 1]
    name = _subject(error)
    index = text.casefold().find(name.casefold()) if name else -1
    if index < 0 and name:
        matches = [(n, row.casefold().find(name.casefold())) for n, row in enumerate(lines, 1)]
        line, index = next(((n, i) for n, i in matches if i >= 0), (line, -1))
    if index < 0:
        index = int(found.group(2)) if found else 0
    first = query.at.column if line == 1 else 1
    end = index + len(name) if name else index + 1
    return Span(
        query.at.file,
        query.at.line + line - 1,
        first + index,
        query.at.line + line - 1,
        first + end,
    )


def _subject(error: Exception) -> str:
    """The name that Spark's error is about, without its quotes, or an empty string."""
    parameters: dict[str, str] = getattr(error, "getMessageParameters", dict)() or {}
    for key in ("objectName", "routineName", "fieldName", "error"):
        value = parameters.get(key)
        if value:
            return str(value).strip("'\"").replace("`", "")
    return ""
