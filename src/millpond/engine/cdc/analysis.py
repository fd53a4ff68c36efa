"""The clauses of an AUTO CDC flow against the columns of its source, before any data moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from millpond import codes
from millpond.cdc.events import expression
from millpond.cdc.hidden import HISTORY
from millpond.cdc.layout import ChangeLayout, change_layout
from millpond.cdc.names import column
from millpond.cdc.units import merged_units
from millpond.definitions import AutoCdc, CdcExpression, Flow, QualifiedName
from millpond.engine.spark_error import spark_error
from millpond.errors import MillpondError
from millpond.spark_message import subject

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import DataType, StructType


class ChangesOfTarget:
    """The AUTO CDC flows into one dataset, as they are met."""

    def __init__(self, target: QualifiedName) -> None:
        self._target = target
        self._found: list[tuple[Flow, ChangeLayout]] = []

    def add(self, source: DataFrame, flow: Flow) -> DataFrame:
        """The columns that a flow gives the target; of any other flow, its frame as it is.

        Raises:
            MillpondError: those of `resolve_changes`, and AUTO_CDC_FLOWS_DISAGREE.
        """
        if not isinstance(flow.cdc, AutoCdc):
            return source
        layout = resolve_changes(source, flow.cdc, self._target)
        if self._found:
            other, first = self._found[0]
            check_agreement(first, layout, other, flow, self._target)
        self._found.append((flow, layout))
        return target_frame(source, layout)

    def layout(self, schema: StructType) -> ChangeLayout | None:
        """What all flows together make of the target's columns; None if there are none."""
        if not self._found:
            return None
        found = [layout for _, layout in self._found]
        whole = refitted(found[0], schema)
        return replace(
            whole,
            truncates=any(layout.truncates for layout in found),
            units=merged_units(whole.columns, whole.keys, (layout.units for layout in found)),
        )


def resolve_changes(source: DataFrame, cdc: AutoCdc, target: QualifiedName) -> ChangeLayout:
    """What the flow's clauses make of its source.

    Raises:
        MillpondError: QUERY_NOT_VALID for an expression that does not resolve,
            AUTO_CDC_NOT_BOOLEAN, AUTO_CDC_NOT_NAMES, and those of `change_layout`.
    """
    types = _types(source, cdc, target)
    for clause in ("apply_as_deletes", "apply_as_truncates", "where"):
        given = getattr(cdc, clause)
        if given is not None and types[clause].typeName() not in ("boolean", "void"):
            raise MillpondError(
                codes.AUTO_CDC_NOT_BOOLEAN,
                at=given.at,
                target=target,
                clause=clause,
                type=types[clause].simpleString(),
            )
    listed = types.get("columns_to_update")
    if listed is not None and listed.simpleString() != "array<string>":
        assert cdc.columns_to_update is not None
        raise MillpondError(
            codes.AUTO_CDC_NOT_NAMES,
            at=cdc.columns_to_update.at,
            target=target,
            type=listed.simpleString(),
        )
    sequence, system = types["sequence_by"], types.get("system_sequence_by")
    return change_layout(source.schema, cdc, str(target), sequence, system)


def target_frame(source: DataFrame, layout: ChangeLayout) -> DataFrame:
    """A frame with the columns that users of the target see, for checks only."""
    from pyspark.sql import functions as F

    added = {field.name: F.lit(None).cast(field.dataType) for field in layout.history.fields}
    return source.select(*(column(name) for name in layout.names)).withColumns(added)


def refitted(layout: ChangeLayout, schema: StructType) -> ChangeLayout:
    """The layout with the target's own order, spelling and types of columns."""
    from pyspark.sql.types import StructType

    spelt = {name.casefold(): name for name in schema.fieldNames()}
    shown = {name.casefold() for name in HISTORY} & {f.name.casefold() for f in layout.history}
    columns = StructType([field for field in schema if field.name.casefold() not in shown])
    sequence = schema[spelt["__start_at"]].dataType if "__start_at" in shown else layout.sequence
    return replace(
        layout,
        keys=tuple(spelt[name.casefold()] for name in layout.keys),
        columns=columns,
        tracked=tuple(spelt[name.casefold()] for name in layout.tracked),
        sequence=sequence,
    )


def check_agreement(
    first: ChangeLayout, second: ChangeLayout, other: Flow, flow: Flow, target: QualifiedName
) -> None:
    """See that two flows into one target mean the same history (reference 4.5).

    Raises:
        MillpondError: AUTO_CDC_FLOWS_DISAGREE.
    """
    one, two = first.described(), second.described()
    for what, value in one.items():
        if two[what].casefold() != value.casefold():
            raise MillpondError(
                codes.AUTO_CDC_FLOWS_DISAGREE,
                at=flow.at,
                target=target,
                flow=".".join(flow.name),
                other=".".join(other.name),
                what=what,
                first=value,
                second=two[what],
            )


def _types(source: DataFrame, cdc: AutoCdc, target: QualifiedName) -> Mapping[str, DataType]:
    from pyspark.errors import PySparkException

    clauses = (
        "sequence_by",
        "system_sequence_by",
        "apply_as_deletes",
        "apply_as_truncates",
        "where",
        "columns_to_update",
    )
    given: dict[str, CdcExpression] = {
        clause: getattr(cdc, clause) for clause in clauses if getattr(cdc, clause) is not None
    }
    try:
        found = [expression(each).alias(clause) for clause, each in given.items()]
        return {field.name: field.dataType for field in source.select(*found).schema}
    except PySparkException as error:
        for each in given.values():
            try:
                source.select(expression(each))
            except PySparkException as own:
                # In Python, an argument is known by its name; the word stands after it.
                word = cdc.at.narrowed(subject(own))
                raise spark_error(own, target, each.at if word == cdc.at else word) from own
        raise spark_error(error, target, cdc.at) from error
