"""The SQL of one file as rules see it: statements with their tokens and what they define."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.definitions import Dataset, Flow, SqlQuery
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.sql.mapped import span
from millpond.sql.references import Reference, find
from millpond.sql.session import Session
from millpond.sql.source import read_statement
from millpond.sql.statements import Statement, split
from millpond.sql.tokens import Token, tokenize

if TYPE_CHECKING:
    from millpond.lint.pipeline import Pipeline
    from millpond.load.program import SqlStep


@dataclass(eq=False, slots=True)
class _Taken:
    """Takes what one statement defines."""

    dataset: Dataset | None = None
    flow: Flow | None = None

    def add_dataset(self, dataset: Dataset) -> None:
        self.dataset = dataset

    def add_flow(self, flow: Flow) -> None:
        self.flow = flow


@dataclass(eq=False)
class SqlStatement:
    """One statement.

    Attributes:
        dataset, flow: what it defines, if it is a definition and can be read.
        embedded: the query that it is, where it stands in Python.
    """

    text: str
    tokens: Sequence[Token]
    at: Span
    dataset: Dataset | None = None
    flow: Flow | None = None
    embedded: Query | None = None

    def span(self, first: Token, last: Token | None = None) -> Span:
        """The range of a token, or from one to another, in the file."""
        return span(self.at, self.text, first.start, (last or first).end)

    def phrases(self, *words: str) -> Iterator[int]:
        """Where these words or symbols follow each other: the index of the first."""
        for index in self._places.get(words[0], ()):
            if self._words[index : index + len(words)] == words:
                yield index

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return tuple(token.upper for token in self.tokens)

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for index, word in enumerate(self._words):
            found.setdefault(word, []).append(index)
        return found

    def has(self, *words: str) -> bool:
        """Whether these words follow each other anywhere."""
        return next(self.phrases(*words), None) is not None

    @cached_property
    def query(self) -> Query | None:
        """The query of its flow, or that of `spark.sql`."""
        if self.embedded is not None:
            return self.embedded
        found = self.flow.query if self.flow is not None else None
        if not isinstance(found, SqlQuery):
            return None
        query = Query(found.text, found.at)
        start = len(self.text) - len(found.text)
        if start >= 0 and self.text.endswith(found.text):
            # The rest of the statement: its tokens are known already.
            query.tokens = tuple(
                replace(token, start=token.start - start, end=token.end - start)
                for token in self.tokens
                if token.start >= start
            )
        return query


@dataclass(eq=False)
class Query:
    """A query, with its tokens."""

    text: str
    at: Span

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its tokens; none if it cannot be cut into tokens."""
        try:
            return tokenize(self.text, self.at)
        except MillpondError:
            return ()

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """What it reads."""
        try:
            return find(self.text)
        except MillpondError:
            return ()

    def has(self, word: str) -> bool:
        """Whether a word stands in it."""
        return word in self._words

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(token.upper for token in self.tokens)

    @property
    def streams(self) -> bool:
        """Whether it reads anything as a stream."""
        return any(reference.streaming for reference in self.references)

    def span(self, first: Token, last: Token | None = None) -> Span:
        """The range of a token, or from one to another, in the file."""
        return span(self.at, self.text, first.start, (last or first).end)

    def reference_span(self, reference: Reference) -> Span:
        """The range of a reference in the file."""
        return span(self.at, self.text, reference.start, reference.end)

    def depth_zero(self) -> Iterator[tuple[int, Token]]:
        """Its tokens outside of brackets, with their indexes."""
        depth = 0
        for index, token in enumerate(self.tokens):
            if token.upper == ")":
                depth -= 1
            if depth == 0:
                yield index, token
            if token.upper == "(":
                depth += 1


@dataclass(eq=False)
class SqlSource:
    """The SQL of one file.

    Attributes:
        in_pipeline: whether a pipeline's libraries name it.
    """

    file: Path
    statements: tuple[SqlStatement, ...]
    in_pipeline: bool = False
    pipeline: Pipeline | None = None

    def watermarks_in(self, query: Query) -> bool:
        """Whether a temporary view that a query reads has a watermark, or may have one."""
        for reference in query.references if self.pipeline is not None else ():
            assert self.pipeline is not None
            view = self.pipeline.by_short_name.get(reference.parts[-1].casefold())
            if view is not None and view.is_view:
                statement = self.pipeline.statement_of(view)
                if statement is None or statement.has("WATERMARK"):
                    return True
        return False


def read_sql(
    file: Path,
    steps: Sequence[SqlStep],
    configuration: Mapping[str, str],
    *,
    in_bundle: bool = True,
) -> SqlSource:
    """The SQL of a file; a statement that cannot be read as a definition has its tokens only."""
    session = Session.of(configuration, {})
    statements = []
    for step in steps:
        try:
            found = split(step.text, step.at.file, step.at.line)
        except MillpondError:
            continue
        statements += [_statement(each, session) for each in found]
    if not in_bundle:
        for each in statements:
            if each.dataset is not None and each.dataset.managed and each.flow is None:
                each.dataset = None  # CREATE TABLE as any notebook has it
    return SqlSource(file, tuple(statements))


def _statement(statement: Statement, session: Session) -> SqlStatement:
    taken = _Taken()
    try:
        ready = read_statement(statement, session, taken, notebook=True)
    except MillpondError:
        # What is wrong with it is an error of the pipeline, told where the pipeline is read.
        return SqlStatement(statement.text, statement.tokens, statement.at)
    return SqlStatement(ready.text, ready.tokens, ready.at, taken.dataset, taken.flow)
