"""Run a SQL query with its table names meaning what the evaluation in progress says."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from millpond.engine.relations import Evaluation, evaluating
from millpond.location import Span
from millpond.sources.read_files import option_arguments
from millpond.sql import references, rewrite
from millpond.sql.references import Reference

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_numbers = itertools.count(1)


def run_query(
    session: SparkSession,
    text: str,
    evaluation: Evaluation,
    at: Span,
    execute: Callable[[str], DataFrame],
    *,
    in_file: bool = False,
) -> DataFrame:
    """The frame of a query written by the user.

    Each table the query names is registered as a temporary view for as long as Spark needs to
    analyse the query; only the names in the text are replaced.

    Args:
        at: where the query stands; with `in_file` its text starts exactly there, so that a
            table's own position can be told.
        execute: runs the rewritten text.
    """
    found = references.find(text)
    with_metadata = rewrite.uses_metadata(text)
    views: dict[Reference, str] = {}
    try:
        for reference in found:
            where = rewrite.position(at, text, reference.start) if in_file else at
            frame = _frame(reference, evaluation, where, with_metadata)
            if frame is None:
                continue
            view = f"__millpond_{next(_numbers)}"
            with evaluating(None):
                frame.createOrReplaceTempView(view)
            views[reference] = view
        rewritten = rewrite.substitute(text, found, views, expose_metadata=with_metadata)
        return execute(rewritten)
    finally:
        with evaluating(None):
            for view in views.values():
                session.catalog.dropTempView(view)


def _frame(
    reference: Reference, evaluation: Evaluation, at: Span, with_metadata: bool
) -> DataFrame | None:
    """What a reference means, or None if Spark is to resolve it (a path in backticks)."""
    relations = evaluation.relations
    if reference.kind == "table":
        return relations.table(reference.parts, streaming=reference.streaming, options={}, at=at)
    if reference.kind == "function":
        path, options = option_arguments(reference, at)
        frame = relations.files(
            path, streaming=reference.streaming, options=options, schema=None, at=at
        )
        return _with_metadata(frame) if with_metadata else frame
    return None


def _with_metadata(frame: DataFrame) -> Any:
    from millpond.sources.auto_loader import with_metadata_column

    with evaluating(None):
        return with_metadata_column(frame)
