"""What a name or a path in pipeline source means while a query is evaluated: a DataFrame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from millpond.definitions import Name, QualifiedName
from millpond.location import Span

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class Relations(Protocol):
    """Answers the reads of one query. Analysis and run have one implementation each."""

    catalog: str
    schema: str

    def table(
        self, name: Name, *, streaming: bool, options: Mapping[str, str], at: Span
    ) -> DataFrame:
        """The dataset or table of a name, as written."""
        ...

    def files(
        self,
        path: str,
        *,
        streaming: bool,
        options: Mapping[str, str],
        schema: Any,
        at: Span,
    ) -> DataFrame:
        """Files read by Auto Loader or `read_files`; `path` as the user wrote it."""
        ...

    def path_table(
        self, source: str, path: str, *, streaming: bool, options: Mapping[str, str], at: Span
    ) -> DataFrame:
        """The table of ``format.`path` ``."""
        ...

    def delta_path(self, name: Name, at: Span) -> Path:
        """The folder of the Delta table of a name."""
        ...

    def kafka(self, *, streaming: bool, options: Mapping[str, str], at: Span) -> DataFrame:
        """The records of Kafka topics; options as the user wrote them."""
        ...

    def event_log(self, pipeline: str | Name, at: Span) -> DataFrame:
        """The event log of a pipeline, by its id or by a table that it fills."""
        ...

    def connect(self, format: str, at: Span) -> None:
        """Make a format of Spark's reader available, or refuse it."""
        ...

    def published(self, name: Name, at: Span) -> DataFrame:
        """A table as it was before the update; no dependency of the query."""
        ...

    def written(self, name: Name, at: Span) -> Path:
        """The folder of a table that source writes itself."""
        ...

    def drop(self, name: Name, at: Span, *, missing_ok: bool) -> None:
        """Forget a table that source has written itself."""
        ...

    def tables(self) -> tuple[QualifiedName, ...]:
        """The tables that are there before the update and have a name of their own."""
        ...

    def readable_path(self, path: str, at: Span) -> str:
        """A path of the user's as Spark can read it: their own URI where that can be."""
        ...

    def local_path(self, path: str, at: Span) -> str:
        """Where a path of the user's is on this machine."""
        ...


@dataclass(slots=True)
class Evaluation:
    """The evaluation in progress on this thread: whose query it is, and what reads mean.

    Attributes:
        dataset: None at the top level of a source file, where actions are allowed.
        views: temporary views that the query made, by name, so that flows which run at once and
            use the same name for one do not see each other's.
    """

    dataset: str | None
    relations: Relations
    views: dict[str, DataFrame] = field(default_factory=dict)

    def view(self, name: Name) -> DataFrame | None:
        """The temporary view of a name; views shadow everything else."""
        return self.views.get(name[0].casefold()) if len(name) == 1 else None

    def table(
        self, name: Name, *, streaming: bool, options: Mapping[str, str], at: Span
    ) -> DataFrame:
        """What a name means here: a temporary view of the query, a dataset, or a table."""
        frame = self.view(name)
        if frame is None:
            frame = self.relations.table(name, streaming=streaming, options=options, at=at)
        return frame


_current: ContextVar[Evaluation | None] = ContextVar("millpond_evaluation", default=None)


@contextmanager
def evaluating(evaluation: Evaluation | None) -> Iterator[None]:
    """Make reads on this thread mean what an evaluation says; None: what Spark says."""
    token = _current.set(evaluation)
    try:
        yield
    finally:
        _current.reset(token)


def current_evaluation() -> Evaluation | None:
    """The evaluation in progress on this thread, if any."""
    return _current.get()
