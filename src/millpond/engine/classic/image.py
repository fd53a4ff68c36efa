"""What a query makes of each row of one input: the row, followed through the query's plan.

The image of an input has a row for each of its rows, with those of the query's columns that come
from that row alone and, for each condition on the way, whether the row meets it. Joins, groups
and duplicates are left out: a row of the result has the rows of the image that agree with it in
the columns they share. What cannot be followed (a function over whole rows or keyed state) is
named instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from millpond.engine.classic.image_walk import SOURCE, Part, Walk
from millpond.engine.classic.jvm import Jvm
from millpond.engine.classic.plan import SUBQUERY

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the query on the way from an input to its result.

    Attributes:
        key: tells it from all others of the session, `condition_key` of its frame.
        text: as SQL.
        holds: the image's column that says whether it is true.
        operands: what it looks at, by name, and the image's column of each.
    """

    key: str
    text: str
    holds: str
    operands: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Image:
    """The rows of one input as a query sees them.

    Attributes:
        source: the number that `tagged` was given; None for an input that was not tagged.
        operator: of an input that was not tagged, what it is in the plan.
        frame: the columns below; None where the rows cannot be read again.
        columns: the input's own columns, and the image's column of each.
        file: of an input of files, the image's column that names the row's file.
        outputs: of the columns of the result those that come from the row alone.
        renamed: of those, the ones that are columns of the input as they are.
        lost: the operator beyond which the row cannot be followed.
        grouped: whether the result has one row of several.
    """

    source: int | None
    operator: str
    frame: DataFrame | None
    columns: Mapping[str, str]
    file: str | None
    outputs: Mapping[str, str]
    renamed: Mapping[str, str]
    conditions: tuple[Condition, ...]
    lost: str | None = None
    grouped: bool = False


def tagged(frame: DataFrame, number: int) -> DataFrame:
    """The same frame, to be known again as an input in a plan over it."""
    from pyspark.sql import functions as F

    word = f"{SOURCE}{number}"
    return frame.filter(F.lit(word) == F.lit(word))


def condition_key(filtered: DataFrame) -> str | None:
    """What tells the condition of a frame that was just filtered; None on another session."""
    inner = getattr(filtered, "_jdf", None)
    return None if inner is None else str(inner.queryExecution().analyzed().condition().toString())


def images(frame: DataFrame) -> tuple[Image, ...] | None:
    """The image of each input of a frame's query; None where the session has no plan to read.

    A stream that was not tagged is read as a table where it has a path.
    """
    inner = getattr(frame, "_jdf", None)
    if inner is None:
        return None
    jvm = Jvm(frame.sparkSession)
    plan = inner.queryExecution().analyzed()
    outputs = {str(each.name()): jvm.id(each) for each in jvm.each(plan.output())}
    return tuple(_finished(part, outputs, jvm) for part in Walk(jvm).parts(plan))


def has_subqueries(frame: DataFrame) -> bool:
    """Whether a query reads something within an expression, which images leave out."""
    inner = getattr(frame, "_jdf", None)
    return inner is not None and SUBQUERY.search(str(inner.queryExecution().analyzed())) is not None


def _finished(part: Part, outputs: Mapping[str, int], jvm: Jvm) -> Image:
    columns = {str(each.name()): f"i{n}" for n, each in enumerate(part.columns)}
    selected = [jvm.alias(each, f"i{n}") for n, each in enumerate(part.columns)]
    reached: dict[str, str] = {}
    renamed: dict[str, str] = {}
    for name, key in outputs.items():
        if key in part.known:
            reached[name] = f"o{len(reached)}"
            selected.append(jvm.alias(part.known[key], reached[name]))
            if key in part.renamed:
                renamed[name] = part.renamed[key]
    conditions = []
    for number, (key_text, text, flag, operands) in enumerate(part.conditions):
        named = {}
        for index, operand in enumerate(operands):
            named[str(operand.name())] = f"v{number}_{index}"
            selected.append(jvm.alias(operand, f"v{number}_{index}"))
        selected.append(jvm.alias(flag, f"f{number}"))
        conditions.append(Condition(key_text, text, f"f{number}", named))
    if part.file is not None:
        selected.append(jvm.alias(part.file, "file"))
    frame = jvm.frame(jvm.project(selected, part.plan)) if part.readable else None
    return Image(
        part.source,
        part.operator,
        frame,
        columns,
        "file" if part.file is not None else None,
        reached,
        renamed,
        tuple(conditions),
        part.lost,
        part.grouped,
    )
