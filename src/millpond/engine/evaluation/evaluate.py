"""Evaluate a flow's query into a DataFrame, its errors told at the user's line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from millpond import codes
from millpond.definitions import Flow, PythonQuery, QualifiedName, SqlQuery, TableQuery
from millpond.definitions.caller import described, raised_span
from millpond.engine.evaluation.missing import not_caught
from millpond.engine.evaluation.relations import Evaluation, Relations, evaluating
from millpond.engine.evaluation.sql import run_query
from millpond.engine.spark_error import spark_error
from millpond.errors import Failures, MillpondError
from millpond.location import Span
from millpond.quality.expressions import analysed
from millpond.spark_connect import is_remote
from millpond.sql.json_columns import is_about_a_path

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_NO_ROWS = "RDD is empty"
_GIVE_TYPES = (
    "A query is analysed before there are rows to look at: give names and types, as in"
    " toDF('id INT, name STRING')."
)
_NO_DRIVER = "java.sql.SQLException: No suitable driver"


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
            return _sql_frame(flow.query, session, evaluation)
        if isinstance(flow.query, TableQuery):
            table = flow.query
            return relations.table(table.name, streaming=table.streaming, options={}, at=table.at)
        return _python_frame(flow.query, flow.at, dataset)


def call(function: Callable[[], Any], at: Span, dataset: QualifiedName) -> Any:
    """What a function of the user's returns.

    Raises:
        MillpondError: what went wrong in it, at its line.
    """
    from pyspark.errors import PySparkException

    try:
        return function()
    except (MillpondError, Failures) as error:
        not_caught(error)
        raise
    except PySparkException as error:
        raise spark_error(error, dataset, raised_span(error) or at) from error
    except (Exception, SystemExit) as error:
        where = raised_span(error) or at
        if is_about_a_path(error):
            raise MillpondError(codes.PATH_INTO_STRING, at=where) from error
        if _NO_DRIVER in str(error):
            raise MillpondError(codes.JDBC_DRIVER_MISSING, at=where) from error
        raise MillpondError(
            codes.DATASET_FUNCTION_FAILED,
            at=where,
            hint=_GIVE_TYPES if _NO_ROWS in str(error) else None,
            dataset=dataset,
            error=described(error),
        ) from error


def _python_frame(query: PythonQuery, at: Span, dataset: QualifiedName) -> DataFrame:
    from pyspark.sql import DataFrame

    result: Any = call(lambda: analysed(query.function()), at, dataset)
    # A frame of databricks-connect is no `pyspark.sql.DataFrame`.
    if not isinstance(result, DataFrame) and not is_remote(result):
        value = "nothing" if result is None else f"a {type(result).__name__}"
        raise MillpondError(codes.NOT_A_DATAFRAME, at=at, dataset=dataset, value=value)
    frame: DataFrame = result
    return frame


def _sql_frame(query: SqlQuery, session: SparkSession, evaluation: Evaluation) -> DataFrame:
    def execute(text: str) -> DataFrame:
        with evaluating(None):
            return session.sql(text)

    return run_query(session, query.text, evaluation, query.at, execute, in_file=True)
