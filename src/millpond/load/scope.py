"""The names that source finds without importing them: `spark`, `dbutils`, `display`, ..."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond import codes, differences
from millpond.api.registry import is_collecting
from millpond.definitions import PipelineSpec, SourceFile, SourceKind
from millpond.definitions.caller import caller_span
from millpond.errors import MillpondError
from millpond.load.dbutils import DBUtils
from millpond.load.dbutils.inputs import Inputs
from millpond.load.program import Program, read_program
from millpond.load.run_magic import find_notebook
from millpond.notices import note

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class NotOnServerless:
    """Stands for what serverless compute lacks; any use of it is an error at its line."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        raise MillpondError(codes.SPARK_CONTEXT_NOT_AVAILABLE, at=caller_span(), name=self._name)


def source_scope(
    spec: PipelineSpec,
    session: SparkSession,
    inputs: Inputs,
    run: Callable[[Program, Mapping[str, Any]], str],
    arguments: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The scope of one source file.

    Args:
        run: runs a program with a scope, for `dbutils.notebook.run`.
        arguments: widgets that the caller of a notebook gives it.
    """

    def run_notebook(path: str, given: Mapping[str, str], beside: Path) -> str:
        found = find_notebook(path, beside, caller_span(), inputs=inputs)
        kind = SourceKind.SQL if found.suffix == ".sql" else SourceKind.PYTHON
        program = read_program(SourceFile(found, kind), inputs)
        return run(program, source_scope(spec, session, inputs, run, given))

    def table(name: str) -> DataFrame:
        return session.table(name)

    def sql(text: str, *arguments: Any, **named: Any) -> DataFrame:
        return session.sql(text, *arguments, **named)

    widgets = {**spec.configuration, **spec.parameters, **(arguments or {})}
    dbutils = DBUtils(inputs, widgets, run_notebook)
    serverless = bool(spec.settings.get("serverless"))
    return {
        "spark": session,
        "sc": NotOnServerless("sc") if serverless else _SparkContext(session),
        "sqlContext": NotOnServerless("sqlContext") if serverless else session,
        "dbutils": dbutils,
        "getArgument": dbutils.widgets.getArgument,
        "display": display,
        "displayHTML": display,
        "table": table,
        "sql": sql,
        "udf": _udf,
    }


def display(*_: Any, **__: Any) -> None:
    """Show nothing: a pipeline has no notebook to show it in.

    Raises:
        MillpondError: FORBIDDEN_IN_DATASET_FUNCTION.
    """
    if not is_collecting():  # source is loaded; what runs now is a dataset function
        code = codes.FORBIDDEN_IN_DATASET_FUNCTION
        raise MillpondError(code, at=caller_span(), call="display()")
    note(differences.DISPLAY, caller_span())


def _udf(*arguments: Any, **named: Any) -> Any:
    from pyspark.sql.functions import udf

    return udf(*arguments, **named)


class _SparkContext:
    """The session's context, fetched when it is used: a remote session has none."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._session.sparkContext, name)
