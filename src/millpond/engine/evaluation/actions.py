"""Refuse, in dataset functions, what Databricks forbids there: actions, writes and commands.

At the top level of a file all of them are allowed (reference 1.2).
"""

from __future__ import annotations

import functools
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from millpond import codes
from millpond.definitions.caller import caller_span, is_user_code
from millpond.engine.evaluation import written
from millpond.engine.evaluation.relations import Evaluation
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.tokens import tokenize, words

_OURS = str(Path(__file__).parent)
Replace = Callable[[type, str, Callable[..., Any]], None]
"""Replaces a method of a class by one that is first given the evaluation and the original."""

_OF_FRAMES = words(
    "checkpoint collect count first foreach foreachPartition head localCheckpoint show tail take "
    "toLocalIterator toPandas"
)
_OF_RDDS = words(
    "aggregate collect collectAsMap count countByKey countByValue first fold foreach "
    "foreachPartition isEmpty max mean min reduce saveAsPickleFile saveAsTextFile stats sum take "
    "takeOrdered takeSample toLocalIterator top treeAggregate treeReduce"
)
_OF_WRITERS = words("insertInto jdbc saveAsTable")
_TO_PATHS = words("csv json orc parquet save text xml")
_OF_TABLE_WRITERS = words("append create createOrReplace overwrite overwritePartitions replace")
_OF_STREAM_WRITERS = words("start toTable")
_OF_DELTA_TABLES = words(
    "clone cloneAtTimestamp cloneAtVersion delete restoreToTimestamp restoreToVersion update vacuum"
)
_COMMANDS = frozenset(
    words(
        "ALTER ANALYZE CACHE CALL COMMENT COPY CREATE DELETE DROP GRANT INSERT LOAD MERGE MSCK "
        "OPTIMIZE REFRESH REPLACE RESTORE REVOKE TRUNCATE UNCACHE UPDATE VACUUM"
    )
)
_TEMPORARY = frozenset(("TEMP", "TEMPORARY"))


def install(replace: Replace, *, remote: bool = False) -> None:
    """Replace the methods of a kind of session's classes by ones that refuse."""
    for owner, names, prefix in _forbidden_remotely() if remote else _forbidden():
        for name in names:
            if name in owner.__dict__:
                call = f"{prefix}{name.lstrip('_')}()"
                act = written.METHODS.get(call)
                refuse = functools.partial(_refuse, call)
                replace(owner, name, functools.partial(_or, act, refuse) if act else refuse)
    if remote:
        from pyspark.sql.connect.group import GroupedData as Grouped
        from pyspark.sql.connect.readwriter import DataFrameWriter as Writer
    else:
        from pyspark.sql import DataFrameWriter as Writer  # type: ignore[assignment]
        from pyspark.sql import GroupedData as Grouped  # type: ignore[assignment]

    for name in _TO_PATHS:
        replace(Writer, name, functools.partial(_write, f"write.{name}()"))
    replace(Grouped, "pivot", _pivot)


def refuse_command(evaluation: Evaluation, text: str, at: Span) -> None:
    """Refuse a statement of SQL that is no query.

    Raises:
        MillpondError: FORBIDDEN_IN_DATASET_FUNCTION.
    """
    if evaluation.dataset is None:
        return
    start = [token.upper for token in itertools.islice(tokenize(text, at), 5)]
    if start and start[0] in _COMMANDS and not _TEMPORARY.intersection(start):
        call = f"spark.sql({start[0]} ...)"
        raise MillpondError(codes.FORBIDDEN_IN_DATASET_FUNCTION, at=at, call=call)


def _forbidden() -> Iterator[tuple[type, tuple[str, ...], str]]:
    """Classes, their forbidden methods, and what stands before the method in a message."""
    from delta import tables
    from pyspark.core.rdd import RDD
    from pyspark.sql import DataFrame, DataFrameWriter, DataFrameWriterV2
    from pyspark.sql.classic.dataframe import DataFrame as ClassicDataFrame
    from pyspark.sql.merge import MergeIntoWriter
    from pyspark.sql.streaming.readwriter import DataStreamWriter

    yield DataFrame, _OF_FRAMES, ""
    # `to_pandas` of pandas on Spark goes by the private method.
    yield ClassicDataFrame, (*_OF_FRAMES, "_to_pandas"), ""
    yield RDD, _OF_RDDS, "rdd."
    yield DataFrameWriter, _OF_WRITERS, "write."
    yield DataFrameWriterV2, _OF_TABLE_WRITERS, "writeTo()."
    yield DataStreamWriter, _OF_STREAM_WRITERS, "writeStream."
    yield MergeIntoWriter, ("merge",), "mergeInto()."
    yield tables.DeltaTable, _OF_DELTA_TABLES, "DeltaTable."
    yield tables.DeltaMergeBuilder, ("execute",), "DeltaTable.merge()."
    yield tables.DeltaTableBuilder, ("execute",), "DeltaTable.create()."
    yield tables.DeltaOptimizeBuilder, ("executeCompaction", "executeZOrderBy"), "optimize()."


def _forbidden_remotely() -> Iterator[tuple[type, tuple[str, ...], str]]:
    """The same of a Spark Connect session."""
    from pyspark.sql.connect.dataframe import DataFrame
    from pyspark.sql.connect.readwriter import DataFrameWriter, DataFrameWriterV2
    from pyspark.sql.connect.streaming.readwriter import DataStreamWriter

    yield DataFrame, (*_OF_FRAMES, "_to_pandas"), ""
    yield DataFrameWriter, _OF_WRITERS, "write."
    yield DataFrameWriterV2, _OF_TABLE_WRITERS, "writeTo()."
    yield DataStreamWriter, _OF_STREAM_WRITERS, "writeStream."


def _refuse(
    call: str,
    evaluation: Evaluation,
    original: Callable[..., Any],
    self: Any,
    *args: Any,
    **named: Any,
) -> Any:
    if evaluation.dataset is None or (call.startswith("rdd.") and not _is_called_by_user()):
        return original(self, *args, **named)
    raise MillpondError(codes.FORBIDDEN_IN_DATASET_FUNCTION, at=caller_span(), call=call)


def _is_called_by_user() -> bool:
    """Whether source calls a method itself; `rdd.toDF()` looks at a row of its own accord."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_OURS):
        frame = frame.f_back
    return frame is not None and is_user_code(frame.f_code.co_filename)


def _or(
    act: Callable[..., Any],
    refuse: Callable[..., Any],
    evaluation: Evaluation,
    original: Callable[..., Any],
    self: Any,
    *args: Any,
    **named: Any,
) -> Any:
    """Act where actions are allowed."""
    chosen = act if evaluation.dataset is None else refuse
    return chosen(evaluation, original, self, *args, **named)


def _write(
    call: str,
    evaluation: Evaluation,
    original: Callable[..., Any],
    self: Any,
    path: Any = None,
    *args: Any,
    **named: Any,
) -> Any:
    """Write files where it is allowed: to the place that the path has on this machine."""
    if isinstance(path, str) and evaluation.dataset is None:
        path = evaluation.relations.local_path(path, caller_span())
    return _refuse(call, evaluation, original, self, path, *args, **named)


def _pivot(
    evaluation: Evaluation,
    original: Callable[..., Any],
    self: Any,
    pivot_col: str,
    values: Any = None,
) -> Any:
    """A pivot without values reads the data at once, to know its columns."""
    if values is None:
        call = "pivot() without a list of values"
        return _refuse(call, evaluation, original, self, pivot_col)
    return original(self, pivot_col, values)
