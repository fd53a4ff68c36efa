"""Expectations as columns of one plan: flagged, counted where they are written, then enforced.

For one dataset the plan is: query -> one boolean column an expectation, `coalesce(e, false)`
-> fail check -> `observe` (the counts) -> drop filter -> the columns of the query. All
expectations see the same rows, before any is dropped, and are counted in the pass that writes
(reference 3.2, 3.3). A row for which a `fail` expectation is not true raises inside the plan, so
nothing of the batch is committed; fail wins over drop (reference 3.3, 3.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, cast

from millpond import codes
from millpond.definitions import Action, Expectation, QualifiedName, quoted
from millpond.errors import MillpondError
from millpond.quality.expressions import expression
from millpond.quality.violation import MARK
from millpond.spark_message import one_line, subject

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, Observation

_FLAG = "__millpond_ok_"
ROWS, DROPPED, FAILED = "rows", "dropped", "failed_"


@dataclass(frozen=True, slots=True)
class Guard:
    """The expectations of one dataset as they are applied to one frame.

    Attributes:
        metric: the name under which the counts appear among the observed metrics.
        observation: holds the counts of a batch frame after its action; None for a stream,
            whose counts are in its progress.
    """

    dataset: QualifiedName
    expectations: tuple[Expectation, ...]
    metric: str
    observation: Observation | None


def check(frame: DataFrame, expectations: Sequence[Expectation], dataset: QualifiedName) -> None:
    """Resolve the expectations against the columns of a frame.

    A filter takes what an expectation may be: no aggregates, window functions or generators
    (reference 2.7).

    Raises:
        MillpondError: EXPECTATION_NOT_VALID or EXPECTATION_NOT_BOOLEAN, at the expectation.
    """
    from pyspark.errors import AnalysisException, ParseException
    from pyspark.sql.types import BooleanType, NullType

    if not expectations:
        return
    # All at once first: this is done for every dataset of every update.
    try:
        conditions = [condition(frame, expectation) for expectation in expectations]
        types = [field.dataType for field in frame.select(*conditions).schema]
        boolean = [isinstance(each, (BooleanType, NullType)) for each in types]
        if all(boolean):
            frame.filter(reduce(lambda left, right: left & right, conditions))
            return
    except (AnalysisException, ParseException) as error:
        if len(expectations) == 1:
            raise MillpondError(
                codes.EXPECTATION_NOT_VALID,
                at=expectations[0].at.narrowed(subject(error)),
                name=expectations[0].name,
                dataset=dataset,
                reason=one_line(str(error)),
            ) from error
        for expectation in expectations:
            check(frame, [expectation], dataset)
        raise
    wrong = boolean.index(False)
    raise MillpondError(
        codes.EXPECTATION_NOT_BOOLEAN,
        at=expectations[wrong].at,
        name=expectations[wrong].name,
        dataset=dataset,
        type=types[wrong].simpleString(),
    )


def guard(
    frame: DataFrame,
    expectations: tuple[Expectation, ...],
    dataset: QualifiedName,
    metric: str,
    *,
    among: Column | None = None,
    hidden: str = "",
) -> tuple[DataFrame, Guard]:
    """Flag, count and enforce the expectations of a dataset on the frame of its query.

    Returns the frame to write, with the columns of `frame`, and what is needed to read the
    counts. Without expectations the rows are still counted.

    Args:
        among: the rows that expectations are about; others are neither judged nor counted.
        hidden: how the names of columns begin that are not for users to see.
    """
    from pyspark.sql import Observation
    from pyspark.sql import functions as F

    columns = [name for name in frame.columns if not (hidden and name.startswith(hidden))]
    judged = F.lit(True) if among is None else among
    flags = [f"{_FLAG}{index}" for index in range(len(expectations))]
    flagged = frame.withColumns(
        {
            flag: ~judged | F.coalesce(condition(frame, expectation).cast("boolean"), F.lit(False))
            for flag, expectation in zip(flags, expectations, strict=True)
        }
    )
    failing = _flags_of(Action.FAIL, expectations, flags)
    dropping = _flags_of(Action.DROP, expectations, flags)
    if failing:
        flagged = flagged.filter(_fail_check(columns, expectations, flags))
    kept = _all(dropping)
    counts = [F.count_if(judged).alias(ROWS), F.count_if(~kept).alias(DROPPED)]
    counts += [
        F.count_if(~F.col(flag)).alias(f"{FAILED}{index}") for index, flag in enumerate(flags)
    ]
    if not expectations:
        counts = counts[:1]
    observation = None if frame.isStreaming else Observation(metric)
    counted = flagged.observe(observation if observation is not None else metric, *counts)
    if dropping:
        counted = counted.filter(kept)
    return counted.drop(*flags), Guard(dataset, expectations, metric, observation)


def condition(frame: DataFrame, expectation: Expectation) -> Column:
    """The condition of an expectation over the columns of a frame."""
    given = expectation.condition
    if isinstance(given, str):
        return expression(given, frame, expectation.at)
    return cast("Column", given)  # of whatever class: databricks-connect has one of its own


def _flags_of(
    action: Action, expectations: Sequence[Expectation], flags: Sequence[str]
) -> list[str]:
    return [flag for flag, rule in zip(flags, expectations, strict=True) if rule.action is action]


def _all(flags: Sequence[str]) -> Column:
    from pyspark.sql import functions as F

    return reduce(lambda left, right: left & right, map(F.col, flags), F.lit(True))


def _fail_check(
    columns: Sequence[str], expectations: Sequence[Expectation], flags: Sequence[str]
) -> Column:
    """True for a good row; for a bad one the query stops with the names and the row as JSON."""
    from pyspark.sql import functions as F

    failing = [
        (flag, rule.name)
        for flag, rule in zip(flags, expectations, strict=True)
        if rule.action is Action.FAIL
    ]
    names = F.array_compact(F.array(*(F.when(~F.col(flag), F.lit(name)) for flag, name in failing)))
    values = F.struct(*(F.col(quoted(column)) for column in columns))
    row = F.to_json(values, {"ignoreNullFields": "false"})
    report = F.to_json(F.struct(names.alias("names"), row.alias("row")))
    stop = F.raise_error(F.concat(F.lit(MARK), report, F.lit(MARK)))
    return F.when(_all([flag for flag, _ in failing]), F.lit(True)).otherwise(stop.cast("boolean"))
