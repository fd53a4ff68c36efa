"""Run a SQL query with its table names meaning what the evaluation in progress says."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from millpond.engine.evaluation import record_functions
from millpond.engine.evaluation.commands import command_frame
from millpond.engine.evaluation.event_log_function import event_log
from millpond.engine.evaluation.relations import Evaluation, evaluating
from millpond.engine.spark_error import place_in_query, spark_error
from millpond.location import Span
from millpond.quality.expressions import in_sparks_words
from millpond.sources import read_files
from millpond.sources.auto_loader import with_metadata_column
from millpond.spark_connect import is_remote
from millpond.sql import references, rewrite
from millpond.sql.arguments import Argument
from millpond.sql.dialect import translate
from millpond.sql.mapped import span
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
    frames: Mapping[str, DataFrame] | None = None,
) -> DataFrame:
    """The frame of a query written by the user.

    Each table the query names is registered as a temporary view for as long as Spark needs to
    analyse the query; only the names in the text are replaced.

    Args:
        at: where the query stands; with `in_file` its text starts exactly there, so that the
            place of each name, and of Spark's errors, can be told.
        execute: runs the rewritten text.
        frames: what some names stand for, whatever else has them.

    Raises:
        MillpondError: a name or path that means nothing; with `in_file` also QUERY_NOT_VALID.
    """
    from pyspark.errors import PySparkException

    def place(start: int, end: int) -> Span:
        return span(at, text, start, end) if in_file else at

    answered = command_frame(session, text, evaluation, at)
    if answered is not None:
        return answered
    record_functions.connect(text, evaluation, at)
    query = _Query(session, translate(text, place), evaluation, at, in_file, frames or {})
    try:
        rewritten = query.rewritten()
        try:
            rewritten, frame = in_sparks_words(rewritten, execute)
            return frame
        except PySparkException as error:
            if not in_file:
                raise
            where = place_in_query(error, rewritten, at)
            raise spark_error(error, evaluation.dataset or "query", where) from error
    finally:
        query.drop_views()


class _Query:
    """One query and the temporary views that stand for its tables."""

    def __init__(
        self,
        session: SparkSession,
        text: str,
        evaluation: Evaluation,
        at: Span,
        in_file: bool,
        frames: Mapping[str, DataFrame],
    ) -> None:
        self._session = session
        self._text = text
        self._evaluation = evaluation
        self._at = at
        self._in_file = in_file
        self._frames = frames
        self._views: dict[Reference, str] = {}

    def rewritten(self) -> str:
        """The query with each table replaced by the view that stands for it."""
        from pyspark.errors import PySparkException

        found = references.find(self._text)
        metadata = rewrite.uses_metadata(self._text)
        shown = [item for item in found if metadata and item.kind == "function"]
        for reference in found:
            try:
                frame = self._frame(reference)
            except PySparkException as error:
                if not self._in_file:
                    raise
                dataset = self._evaluation.dataset or "query"
                raise spark_error(error, dataset, self._place(reference)) from error
            view = f"__millpond_{next(_numbers)}"
            with evaluating(None):
                if reference in shown:
                    frame = with_metadata_column(frame)
                frame.createOrReplaceTempView(view)
            self._views[reference] = view
        relations = self._evaluation.relations
        names = {reference: f"`{view}`" for reference, view in self._views.items()}
        return rewrite.substitute(
            self._text,
            found,
            names,
            hide_metadata=shown,
            defaults=(relations.catalog, relations.schema),
        )

    def drop_views(self) -> None:
        """Forget the views; the frame that was made from them does not need them.

        Over Spark Connect it does, whenever it is used.
        """
        if is_remote(self._session):
            return
        with evaluating(None):
            for view in self._views.values():
                self._session.catalog.dropTempView(view)

    def _frame(self, reference: Reference) -> DataFrame:
        relations = self._evaluation.relations
        at = self._place(reference)
        if reference.kind == "table":
            if reference.parts[0] in self._frames:
                return self._frames[reference.parts[0]]
            return self._evaluation.table(
                reference.parts,
                streaming=reference.streaming,
                options=dict(reference.options),
                at=at,
            )
        if reference.kind == "path":
            return relations.path_table(
                *reference.parts,
                streaming=reference.streaming,
                options=dict(reference.options),
                at=at,
            )
        if reference.function == "read_kafka":
            given = read_files.kafka_arguments(reference, at, self._argument_place)
            return relations.kafka(streaming=reference.streaming, options=given, at=at)
        if reference.function == "event_log":
            return event_log(relations, reference, at)
        path, options = read_files.option_arguments(reference, at, self._argument_place)
        return relations.files(
            path, streaming=reference.streaming, options=options, schema=None, at=at
        )

    def _argument_place(self, argument: Argument) -> Span:
        if not self._in_file:
            return self._at
        return span(self._at, self._text, argument.start, argument.end)

    def _place(self, reference: Reference) -> Span:
        if not self._in_file:
            return self._at
        return span(self._at, self._text, reference.start, reference.end)
