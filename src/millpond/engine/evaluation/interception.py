"""Make Spark's own read methods ask the evaluation in progress what a name or path means.

Pipeline source uses the plain Spark API (`spark.read.table`, `spark.readStream.format(…).load`,
`spark.sql`) on whatever session object it got hold of, so the methods of the classes are
replaced once, for the life of the process. Outside an evaluation they do what they always did.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

from millpond import spark_message
from millpond.definitions.caller import caller_span
from millpond.engine.evaluation import (
    actions,
    catalog,
    expressions,
    files,
    functions,
    missing,
    reads,
    record_functions,
    remote_limits,
    written,
)
from millpond.engine.evaluation.relations import Evaluation, current_evaluation

_PATH_ARGUMENTS = {"forPath": ("path", "hadoopConf"), "isDeltaTable": ("identifier",)}


@dataclass(frozen=True, slots=True)
class _Classes:
    """Spark's classes of one kind of session."""

    session: type
    batch_reader: type
    stream_reader: type
    frames: tuple[type, ...]
    catalog: type


@functools.cache
def install(*, remote: bool = False) -> None:
    """Replace the methods, once in the life of the process for each kind of session."""
    classes = _remote() if remote else _classic()
    _replace(classes.session, "sql", reads.sql)
    _replace(classes.session, "table", reads.session_table)
    for reader, streaming in ((classes.batch_reader, False), (classes.stream_reader, True)):
        for name, replacement in reads.of_readers(streaming=streaming).items():
            _replace(reader, name, replacement)
    for frame in classes.frames:
        for name, replacement in _OF_FRAMES.items():
            if name in frame.__dict__:
                _replace(frame, name, replacement)
    for name, answer in catalog.METHODS.items():
        _replace(classes.catalog, name, answer)
    _replace_delta_tables(remote=remote)
    functions.install()
    record_functions.install()
    files.install()
    actions.install(_replace, remote=remote)


def _classic() -> _Classes:
    from pyspark.sql import DataFrame, DataFrameReader, SparkSession
    from pyspark.sql.catalog import Catalog
    from pyspark.sql.classic.dataframe import DataFrame as ClassicDataFrame
    from pyspark.sql.streaming.readwriter import DataStreamReader

    frames = (DataFrame, ClassicDataFrame)
    return _Classes(SparkSession, DataFrameReader, DataStreamReader, frames, Catalog)


def _remote() -> _Classes:
    from pyspark.sql.connect.catalog import Catalog
    from pyspark.sql.connect.dataframe import DataFrame
    from pyspark.sql.connect.readwriter import DataFrameReader
    from pyspark.sql.connect.session import SparkSession
    from pyspark.sql.connect.streaming.readwriter import DataStreamReader

    return _Classes(SparkSession, DataFrameReader, DataStreamReader, (DataFrame,), Catalog)


def _replace(owner: type, name: str, replacement: Callable[..., Any]) -> None:
    original = owner.__dict__[name]

    @functools.wraps(original)
    def method(self: Any, *args: Any, **named: Any) -> Any:
        evaluation = current_evaluation()
        if evaluation is None:
            return original(self, *args, **named)
        with missing.as_spark_tells():
            return replacement(evaluation, original, self, *args, **named)

    setattr(owner, name, method)


def _replace_for_name(owner: Any) -> None:
    original = owner.forName

    @functools.wraps(original)
    def for_name(cls: Any, sparkSession: Any, tableOrViewName: str) -> Any:
        evaluation = current_evaluation()
        if evaluation is None:
            return original(sparkSession, tableOrViewName)
        with missing.as_spark_tells():
            return catalog.delta_table(evaluation, cls, sparkSession, tableOrViewName)

    owner.forName = classmethod(for_name)


def _replace_delta_tables(*, remote: bool) -> None:
    from delta.tables import DeltaTable

    if not remote:
        _replace_for_name(DeltaTable)
        for name in _PATH_ARGUMENTS:
            _replace_path(DeltaTable, name)
        return
    remote_limits.install()
    for name in ("forName", "forPath", "isDeltaTable", "create", "createIfNotExists", "replace"):
        setattr(DeltaTable, name, classmethod(_refused(getattr(DeltaTable, name))))


def _refused(original: Callable[..., Any]) -> Callable[..., Any]:
    """Delta's classes need a part of their own in the server."""

    @functools.wraps(original)
    def asked(_: Any, *args: Any, **named: Any) -> Any:
        remote_limits.refuse("this uses DeltaTable")
        return original(*args, **named)

    return asked


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


_OF_FRAMES: dict[str, Callable[..., Any]] = {
    **expressions.METHODS,
    "createOrReplaceTempView": _make_view,
    "createTempView": _make_view,
    "explain": _explain,
    "writeTo": written.write_to,
}
