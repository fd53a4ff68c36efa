"""Make Spark's own read methods ask the evaluation in progress what a name or path means.

Pipeline source uses the plain Spark API (`spark.read.table`, `spark.readStream.format(…).load`,
`spark.sql`) on whatever session object it got hold of, so the methods of the classes are
replaced once, for the life of the process. Outside an evaluation they do what they always did.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from typing import Any

from millpond import codes, spark_message
from millpond.definitions import parse_name
from millpond.definitions.caller import caller_span
from millpond.engine import actions, catalog, files, functions
from millpond.engine.relations import Evaluation, current_evaluation, evaluating
from millpond.engine.sql import run_query
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sources.delta_start import start_options
from millpond.sources.mounts import telling_where
from millpond.sources.written import WrittenOptions
from millpond.sql.relations import is_path

_PATH_ARGUMENTS = {"forPath": ("path", "hadoopConf"), "isDeltaTable": ("identifier",)}
_MAKE_VIEWS = ("createOrReplaceTempView", "createTempView")
_FILE_FORMATS = ("csv", "json", "orc", "parquet", "text")
_OPTIONS, _FORMAT, _SCHEMA = "_millpond_options", "_millpond_format", "_millpond_schema"


@functools.cache
def install() -> None:
    """Replace the methods, once in the life of the process."""
    from delta.tables import DeltaTable
    from pyspark.sql import DataFrame, DataFrameReader, SparkSession
    from pyspark.sql.catalog import Catalog
    from pyspark.sql.classic.dataframe import DataFrame as ClassicDataFrame
    from pyspark.sql.streaming.readwriter import DataStreamReader

    _replace(SparkSession, "sql", _sql)
    _replace(SparkSession, "table", _session_table)
    for reader, streaming in ((DataFrameReader, False), (DataStreamReader, True)):
        for remember in ("format", "option", "options", "schema"):
            _replace(reader, remember, _REMEMBER[remember])
        _replace(reader, "table", functools.partial(_table, streaming))
        _replace(reader, "load", functools.partial(_load, streaming))
        for name in _FILE_FORMATS:
            _replace(reader, name, functools.partial(_format_load, streaming))
    for frame in (DataFrame, ClassicDataFrame):
        for name in _MAKE_VIEWS:
            if name in frame.__dict__:
                _replace(frame, name, _make_view)
        _replace(frame, "explain", _explain)
    for name, answer in catalog.METHODS.items():
        _replace(Catalog, name, answer)
    _replace_for_name(DeltaTable)
    functions.install()
    files.install()
    for name in _PATH_ARGUMENTS:
        _replace_path(DeltaTable, name)
    actions.install(_replace)


def _replace(owner: type, name: str, replacement: Callable[..., Any]) -> None:
    original = owner.__dict__[name]

    @functools.wraps(original)
    def method(self: Any, *args: Any, **named: Any) -> Any:
        evaluation = current_evaluation()
        if evaluation is None:
            return original(self, *args, **named)
        return replacement(evaluation, original, self, *args, **named)

    setattr(owner, name, method)


def _replace_for_name(owner: Any) -> None:
    original = owner.forName

    @functools.wraps(original)
    def for_name(cls: Any, sparkSession: Any, tableOrViewName: str) -> Any:
        evaluation = current_evaluation()
        if evaluation is None:
            return original(sparkSession, tableOrViewName)
        return catalog.delta_table(evaluation, cls, sparkSession, tableOrViewName)

    owner.forName = classmethod(for_name)


def _replace_path(owner: Any, name: str) -> None:
    original = getattr(owner, name)

    @functools.wraps(original)
    def by_path(cls: Any, sparkSession: Any, *args: Any, **named: Any) -> Any:
        given = {**dict(zip(_PATH_ARGUMENTS[name], args, strict=False)), **named}
        evaluation, argument = current_evaluation(), _PATH_ARGUMENTS[name][0]
        if evaluation is not None and isinstance(given.get(argument), str):
            given[argument] = evaluation.relations.local_path(given[argument], caller_span())
        return original(sparkSession, **given)

    setattr(owner, name, classmethod(by_path))


def _make_view(evaluation: Evaluation, original: Callable[..., Any], self: Any, name: str) -> None:
    """A dataset function's temporary view is its own; one of the top level is for all."""
    if evaluation.dataset is None:
        original(self, name)
    else:
        evaluation.views[name.casefold()] = self


def _explain(
    _: Evaluation, original: Callable[..., Any], self: Any, *args: Any, **named: Any
) -> None:
    """Print the plan, with the names of tables in place of where they are kept."""
    with redirect_stdout(io.StringIO()) as printed:
        original(self, *args, **named)
    print(spark_message.named(printed.getvalue()), end="")  # noqa: T201 - what it is called for


# --- what a reader was told before it reads ---------------------------------------------------


def _remember_format(_: Evaluation, original: Callable[..., Any], self: Any, source: str) -> Any:
    setattr(self, _FORMAT, source)
    return original(self, source)


def _remember_option(
    _: Evaluation, original: Callable[..., Any], self: Any, key: str, value: Any
) -> Any:
    if value is not None:
        _written(self, {key: value})
    return original(self, key, value)


def _remember_options(
    _: Evaluation, original: Callable[..., Any], self: Any, **options: Any
) -> Any:
    _written(self, options)
    return original(self, **options)


def _written(reader: Any, options: Mapping[str, Any]) -> None:
    """Add options to those that a reader was given, each with the call that gave it."""
    remembered: WrittenOptions = reader.__dict__.setdefault(_OPTIONS, WrittenOptions())
    given = {key: _text(value) for key, value in options.items() if value is not None}
    remembered.update(given)
    if given:
        remembered.places.update(dict.fromkeys(given, caller_span()))


def _remember_schema(_: Evaluation, original: Callable[..., Any], self: Any, schema: Any) -> Any:
    setattr(self, _SCHEMA, schema)
    return original(self, schema)


_REMEMBER: dict[str, Callable[..., Any]] = {
    "format": _remember_format,
    "option": _remember_option,
    "options": _remember_options,
    "schema": _remember_schema,
}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# --- reads ------------------------------------------------------------------------------------


def _sql(
    evaluation: Evaluation,
    original: Callable[..., Any],
    self: Any,
    sqlQuery: str,
    args: Any = None,
    **named: Any,
) -> Any:
    at = caller_span()
    actions.refuse_command(evaluation, sqlQuery, at)
    with_arguments = functools.partial(original, self, args=args, **named)
    return run_query(self, sqlQuery, evaluation, at, with_arguments)


def _session_table(
    evaluation: Evaluation,
    _: Callable[..., Any],
    self: Any,
    tableName: str,
) -> Any:
    return _named(evaluation, tableName, False, {})


def _table(
    streaming: bool,
    evaluation: Evaluation,
    _: Callable[..., Any],
    self: Any,
    tableName: str,
) -> Any:
    return _named(evaluation, tableName, streaming, self.__dict__.get(_OPTIONS, {}))


def _named(evaluation: Evaluation, name: str, streaming: bool, options: dict[str, str]) -> Any:
    at = caller_span()
    parts = parse_name(name, at=at)
    if is_path(parts):
        return evaluation.relations.path_table(*parts, streaming=streaming, at=at)
    return evaluation.table(parts, streaming=streaming, options=options, at=at)


def _load(
    streaming: bool,
    evaluation: Evaluation,
    original: Callable[..., Any],
    self: Any,
    path: Any = None,
    format: str | None = None,
    schema: Any = None,
    **options: Any,
) -> Any:
    at = caller_span()
    chosen = format or self.__dict__.get(_FORMAT, "delta")
    before = self.__dict__.get(_OPTIONS, WrittenOptions())
    given = {key: _text(value) for key, value in options.items() if value is not None}
    remembered = WrittenOptions({**before, **given}, before.places)
    as_option = path is None and "path" in remembered
    path = remembered["path"] if as_option else path
    if chosen.casefold() == "cloudfiles":
        if not isinstance(path, str):
            raise MillpondError(
                codes.INVALID_ARGUMENT,
                at=at,
                function="load",
                argument="path",
                expected="the folder Auto Loader reads",
                value=path,
            )
        given = schema if schema is not None else self.__dict__.get(_SCHEMA)
        return evaluation.relations.files(
            path, streaming=streaming, options=remembered, schema=given, at=at
        )
    if chosen.casefold() == "kafka":
        return evaluation.relations.kafka(streaming=streaming, options=remembered, at=at)
    evaluation.relations.connect(chosen, at)
    is_delta = chosen.casefold() == "delta"
    found = _local(evaluation, path) if is_delta else _readable(evaluation, path)
    if streaming and is_delta and isinstance(found, str):
        options.update(start_options(found, remembered))
    if as_option:  # Spark takes it there or as the argument, never both
        with evaluating(None):
            self.option("path", found)
        found = None
    with _telling_where(evaluation, path):
        return original(self, found, chosen, schema, **options)


def _format_load(
    streaming: bool,
    evaluation: Evaluation,
    original: Callable[..., Any],
    self: Any,
    path: Any = None,
    *args: Any,
    **named: Any,
) -> Any:
    found = _readable(evaluation, path)
    with _telling_where(evaluation, path):
        return original(self, found, *args, **named)


def _telling_where(evaluation: Evaluation, path: Any) -> AbstractContextManager[None]:
    if isinstance(path, str):
        return telling_where(path, _local(evaluation, path))
    return nullcontext()


def _readable(evaluation: Evaluation, path: Any) -> Any:
    return _each(path, evaluation.relations.readable_path)


def _local(evaluation: Evaluation, path: Any) -> Any:
    return _each(path, evaluation.relations.local_path)


def _each(path: Any, meaning: Callable[[str, Span], str]) -> Any:
    """What a path, or each of several, is here; anything else is left to Spark to refuse."""
    if isinstance(path, str):
        return meaning(path, caller_span())
    if isinstance(path, (list, tuple)):
        return [_each(item, meaning) for item in path]
    return path
