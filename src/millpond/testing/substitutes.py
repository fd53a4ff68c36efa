"""Data in place of datasets and outside tables, and the part of the pipeline that is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from millpond import codes
from millpond.definitions import DatasetKind, FlowKind, QualifiedName, parse_name, qualify
from millpond.engine.part import Part
from millpond.engine.state import State, StoredTable
from millpond.engine.writing.schema import declared_schema
from millpond.errors import Failures, MillpondError
from millpond.graph.declared import DeclaredGraph, Node
from millpond.graph.suggestion import suggestion
from millpond.location import Span
from millpond.sources.inputs import LocalInputs, TableMapping
from millpond.sources.inputs.patterns import NamePattern
from millpond.spark_message import one_line
from millpond.testing.frames import Given

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
    from pyspark.sql.types import StructType

    from millpond.events.outcome import UpdateSummary

_PIPELINE = "fed by a test"
"""What the state says fills a fed table."""


@dataclass(slots=True)
class Substitutes:
    """The inputs that a test feeds, by full name.

    They are tables of the state like those of an earlier pipeline, so they are read as a stream
    or whole, as the reader asks, and a stream sees each row once.
    """

    catalog: str
    schema: str
    _names: dict[str, QualifiedName] = field(default_factory=dict)
    _waiting: list[tuple[QualifiedName, Given]] = field(default_factory=list)
    _schemas: dict[str, StructType] = field(default_factory=dict)
    _replaced: set[str] = field(default_factory=set)
    _datasets: tuple[str, ...] = ()

    def feed(self, name: str, data: Any, schema: Any, at: Span) -> None:
        """Add rows, to be written at the next update.

        Raises:
            MillpondError: INVALID_NAME.
        """
        full = qualify(parse_name(name, at=at), self.catalog, self.schema)
        self._names[full.key] = full
        self._waiting.append((full, Given(name, data, schema, at)))

    def over(self, inputs: LocalInputs, folder: Path) -> LocalInputs:
        """The inputs with the fed tables in front, which are in a state folder."""
        own = tuple(
            TableMapping(
                NamePattern((name.catalog, name.schema, name.name)),
                str(name),
                str(folder),
                folder,
                Span(folder, 1),
                is_state=True,
            )
            for name in self._names.values()
        )
        keys = {mapping.key for mapping in own}
        others = tuple(mapping for mapping in inputs.tables if mapping.key not in keys)
        return replace(inputs, tables=(*own, *others))

    def part(
        self, only: tuple[str, ...], session: SparkSession, state: State, graph: DeclaredGraph
    ) -> Part:
        """The graph without what is fed, and the datasets to run; rows that wait are written.

        Raises:
            Failures: TEST_DATASET_UNKNOWN and TEST_INPUT_RUN for names to be run;
                TEST_INPUT_TOO_LATE and those of `Given.frame` for what is fed.
        """
        self._replaced = graph.nodes.keys() & self._names.keys()
        self._datasets = tuple(str(node.name) for node in graph.nodes.values())
        roots = _roots(graph, only, self._names)
        waiting, self._waiting = self._waiting, []
        for name, given in waiting:
            self._write(session, state, graph.nodes.get(name.key), name, given)
        kept = {key: node for key, node in graph.nodes.items() if key not in self._names}
        for key in roots or ():
            kept[key] = _stored(kept[key])
        return Part(DeclaredGraph(kept, graph.catalog, graph.schema), roots)

    def unread(self, summary: UpdateSummary) -> list[MillpondError]:
        """TEST_INPUT_NOT_READ for each fed name that means nothing to the pipeline.

        If the update ended before it was known what is read, only for one that looks misspelt.
        """
        read = {name for dataset in summary.datasets for name in dataset.inputs}
        seen = {name.casefold() for name in read}
        known = sorted({*read, *self._datasets} - {str(name) for name in self._names.values()})
        errors = []
        for key, name in self._names.items():
            close = suggestion(str(name), known)
            if key not in seen and key not in self._replaced and (close or summary.datasets):
                errors.append(
                    MillpondError(
                        codes.TEST_INPUT_NOT_READ,
                        name=name,
                        suggestion=close,
                        known=", ".join(known),
                    )
                )
        return errors

    def _write(
        self,
        session: SparkSession,
        state: State,
        node: Node | None,
        name: QualifiedName,
        given: Given,
    ) -> None:
        from pyspark.errors import AnalysisException

        stored = state.tables.get(name.key)
        if stored is not None and stored.pipeline != _PIPELINE and stored.created:
            raise MillpondError(codes.TEST_INPUT_TOO_LATE, at=given.at, name=name)
        known = self._schemas.get(name.key)
        if known is None and node is not None:
            known = declared_schema(session, node.dataset, node.name)
        frame = given.frame(session, known)
        self._schemas.setdefault(name.key, frame.schema)
        try:
            frame.write.format("delta").mode("append").save(str(state.table_path(name)))
        except AnalysisException as error:
            reason = f"other rows of it were fed before. {one_line(str(error))}"
            raise MillpondError(
                codes.TEST_INPUT_NOT_VALID, at=given.at, name=name, reason=reason
            ) from error
        state.record(
            StoredTable(
                name.catalog,
                name.schema,
                name.name,
                kind=DatasetKind.TABLE.value,
                pipeline=_PIPELINE,
                created=True,
            )
        )


def _roots(
    graph: DeclaredGraph, only: Iterable[str], fed: Mapping[str, QualifiedName]
) -> frozenset[str] | None:
    found: set[str] = set()
    errors: list[MillpondError] = []
    for name in only:
        node = graph.find(parse_name(name))
        if node is None:
            known = [str(other.name) for other in graph.nodes.values()]
            errors.append(unknown_dataset(name, known))
        elif node.name.key in fed:
            errors.append(MillpondError(codes.TEST_INPUT_RUN, name=node.name))
        else:
            found.add(node.name.key)
    if errors:
        raise Failures(errors)
    return frozenset(found) or None


def unknown_dataset(name: str, known: Iterable[str]) -> MillpondError:
    """TEST_DATASET_UNKNOWN for a name, with what there is."""
    names = list(known)
    return MillpondError(
        codes.TEST_DATASET_UNKNOWN,
        name=name,
        suggestion=suggestion(name, names),
        known=", ".join(names) or "none",
    )


def _stored(node: Node) -> Node:
    """A dataset to be looked at: a temporary view is stored, as the table its query makes it."""
    if node.dataset.kind is not DatasetKind.TEMPORARY_VIEW:
        return node
    dataset = replace(node.dataset, kind=DatasetKind.TABLE)
    return Node(node.name, dataset, tuple(replace(f, kind=FlowKind.TABLE) for f in node.flows))
