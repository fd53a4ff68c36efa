"""A pipeline as rules see it: its settings, its datasets and flows, and the files that make it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from millpond.bundle.value import Value
from millpond.definitions import Action, DatasetKind, PipelineSpec, QualifiedName
from millpond.graph.static.assemble import Assembled, Assembly
from millpond.graph.static.declared import DeclaredExpectation, DeclaredFlow, Read
from millpond.graph.static.model import EXTERNAL
from millpond.graph.static.read import Reading
from millpond.lint.features import CDC, SNAPSHOT_CDC
from millpond.lint.frame import Frame
from millpond.lint.python_source import PythonSource
from millpond.lint.sql_source import SqlSource, SqlStatement
from millpond.location import Span

_WORD = re.compile(r"[\w.-]+")
_QUARANTINE_WORDS = (
    *("quarantin", "invalid", "reject", "bad_", "_bad", "error", "dead_letter", "deadletter"),
    *("failed", "corrupt", "dropped", "dlq", "discard", "violat"),
)


@dataclass(eq=False)
class DatasetFacts:
    """One dataset.

    Attributes:
        kind: a value of `DatasetKind`, or `EXTERNAL` for a sink.
        certain: whether everything about it is known.
        inputs: the datasets of the pipeline that it reads.
    """

    assembled: Assembled
    kind: str
    certain: bool
    reads: tuple[Read, ...]
    inputs: list[tuple[Read, DatasetFacts]] = field(default_factory=list)
    readers: list[tuple[Read, DatasetFacts]] = field(default_factory=list)

    @property
    def name(self) -> QualifiedName:
        """Its name in full."""
        return self.assembled.name

    @property
    def short(self) -> str:
        """Its name without catalog and schema."""
        return self.name.name

    @property
    def at(self) -> Span:
        """Where it is defined."""
        return self.assembled.dataset.at

    @property
    def expectations(self) -> list[DeclaredExpectation]:
        """Its expectations as far as they are known."""
        return self.assembled.dataset.expectations

    @property
    def expectations_known(self) -> bool:
        """Whether these are all of them."""
        return self.assembled.dataset.expectations_known

    @property
    def flows(self) -> list[DeclaredFlow]:
        """The flows that fill it."""
        return self.assembled.flows

    @property
    def is_streaming_table(self) -> bool:
        """Whether it is one."""
        return self.kind == DatasetKind.STREAMING_TABLE.value

    @property
    def is_materialized_view(self) -> bool:
        """Whether it is one."""
        return self.kind == DatasetKind.MATERIALIZED_VIEW.value

    @property
    def is_view(self) -> bool:
        """Whether it is a temporary view."""
        return self.kind == DatasetKind.TEMPORARY_VIEW.value

    @property
    def is_sink(self) -> bool:
        """Whether it is a sink."""
        return self.kind == EXTERNAL

    @property
    def is_quarantine(self) -> bool:
        """Whether its name says that it holds what was refused."""
        name = self.short.casefold()
        return any(word in name for word in _QUARANTINE_WORDS)

    @property
    def cdc_flows(self) -> list[DeclaredFlow]:
        """The flows of AUTO CDC that fill it, those from snapshots too."""
        return [flow for flow in self.flows if is_cdc(flow)]

    def dropping(self) -> list[DeclaredExpectation]:
        """The expectations that drop rows."""
        return [each for each in self.expectations if each.action is Action.DROP]

    @property
    def has_twins(self) -> bool:
        """Whether there are several declarations of its name, as in a folder of two pipelines."""
        return bool(self.assembled.twins)

    @property
    def properties_known(self) -> bool:
        """Whether `properties` is all of them."""
        declared = self.assembled.dataset
        if declared.definition is not None or "table_properties" not in declared.arguments:
            return "**" not in declared.arguments
        given = declared.arguments["table_properties"]
        plain = isinstance(given, dict) and all(isinstance(key, str) for key in given)
        return given is None or plain

    @property
    def properties(self) -> dict[str, str]:
        """Its table properties as far as they are known."""
        declared = self.assembled.dataset
        if declared.definition is not None:
            return dict(declared.definition.table_properties)
        given = declared.arguments.get("table_properties")
        return {str(k): str(v) for k, v in given.items()} if isinstance(given, dict) else {}


def _is_plain(each: Assembled) -> bool:
    """Whether this is CREATE TABLE or CREATE VIEW as any notebook may have it."""
    definition = each.dataset.definition
    return definition is not None and (
        (definition.managed and not each.flows) or definition.published
    )


def _is_view(each: Assembled) -> bool:
    return each.dataset.kind == DatasetKind.TEMPORARY_VIEW.value


def is_cdc(flow: DeclaredFlow) -> bool:
    """Whether a flow applies changes."""
    definition = flow.definition
    if definition is not None and definition.cdc is not None:
        return True
    return flow.feature in CDC | SNAPSHOT_CDC


@dataclass(eq=False)
class Pipeline:
    """A pipeline.

    Attributes:
        settings: the resource in the bundle with its places; None without a bundle.
        reading: what its source declares.
        whole: whether all of its files are judged, and not one file that was named alone.
    """

    spec: PipelineSpec
    reading: Reading
    settings: Value | None = None
    python: list[PythonSource] = field(default_factory=list)
    sql: list[SqlSource] = field(default_factory=list)
    whole: bool = True

    @property
    def assembly(self) -> Assembly:
        """What is declared, by name."""
        return self.reading.assembly

    @cached_property
    def datasets(self) -> tuple[DatasetFacts, ...]:
        """Its datasets and sinks, linked with one another."""
        kinds = {node.name: node for node in self.reading.graph.nodes}
        facts: dict[str, DatasetFacts] = {}
        own = {each.dataset.at.file for each in self.assembly.datasets if not _is_plain(each)}
        for each in self.assembly.datasets:
            alone = each.dataset.at.file not in own
            if self.settings is None and _is_plain(each) and (alone or not _is_view(each)):
                continue
            node = kinds[str(each.name)]
            reads = tuple(read for flow in each.flows for read in flow.reads)
            facts[each.name.key] = DatasetFacts(each, node.kind, node.certain, reads)
        for fact in facts.values():
            for read in fact.reads:
                found = self.assembly.find(read)
                if found is not None and found.name.key in facts:
                    source = facts[found.name.key]
                    fact.inputs.append((read, source))
                    source.readers.append((read, fact))
        return tuple(facts.values())

    @cached_property
    def by_short_name(self) -> dict[str, DatasetFacts]:
        """Its datasets by the last part of their names, in lower case."""
        return {each.short.casefold(): each for each in self.datasets}

    @cached_property
    def _unknown(self) -> frozenset[str]:
        return frozenset(each.code.name for each in self.reading.graph.warnings)

    @property
    def knows_all_names(self) -> bool:
        """Whether everything that the source defines has a known name."""
        unknown = {"STATIC_NAME_UNKNOWN", "STATIC_SOURCE_TOO_LARGE", "NOT_SUPPORTED_YET"}
        known = self.whole and not self._unknown & unknown
        return known and self.readable and not self.reading.errors

    @property
    def knows_all_reads(self) -> bool:
        """Whether everything that the source reads is known too."""
        understood = all(flow.understood for each in self.datasets for flow in each.flows)
        return self.knows_all_names and understood and "STATIC_READ_UNKNOWN" not in self._unknown

    @property
    def readable(self) -> bool:
        """Whether every file of its source could be read."""
        read = {each.file for each in self.python} | {each.file for each in self.sql}
        return all(each.path in read for each in self.spec.sources)

    @cached_property
    def words(self) -> frozenset[str]:
        """Everything in its files and modules that could be a key of its configuration."""
        files = {each.file for each in self.python} | {each.file for each in self.sql}
        files |= set(self.reading.modules)
        lines = [line for file in files for line in Span(file, 1).lines()]
        return frozenset(_WORD.findall("\n".join(lines)))

    @property
    def tables(self) -> Iterator[DatasetFacts]:
        """Its streaming tables and materialized views."""
        return (each for each in self.datasets if not each.is_view and not each.is_sink)

    def setting(self, *path: str) -> object:
        """The value of a setting, or None."""
        found = self.settings.get(*path) if self.settings is not None else None
        return found.data if found is not None else None

    @property
    def statements(self) -> Iterator[SqlStatement]:
        """All its statements of SQL."""
        return (statement for source in self.sql for statement in source.statements)

    def statement_of(self, dataset: DatasetFacts) -> SqlStatement | None:
        """The statement that defines a dataset; None in Python."""
        definition = dataset.assembled.dataset.definition
        return None if definition is None else self._statement_at.get(dataset.at)

    @cached_property
    def _statement_at(self) -> dict[Span, SqlStatement]:
        return {each.dataset.at: each for each in self.statements if each.dataset is not None}

    def frames_of(self, dataset: DatasetFacts) -> list[tuple[PythonSource, Frame]]:
        """The frames that the functions of a dataset in Python return."""
        return [
            (source, frame)
            for flow in dataset.flows
            if flow.function is not None
            for source in self.python_at(flow.at.file)
            if flow.function in source.parents
            for frame in source.frames.returned_by(flow.function)
        ]

    @cached_property
    def _python_by_file(self) -> dict[Path, list[PythonSource]]:
        found: dict[Path, list[PythonSource]] = {}
        for source in self.python:
            for file in {source.file, *(part.file for part in source.parts)}:
                found.setdefault(file, []).append(source)
        return found

    def python_at(self, file: Path) -> list[PythonSource]:
        """The source that a file, or a cell of a notebook, is part of."""
        return self._python_by_file.get(file, [])

    def condition_span(self, expectation: DeclaredExpectation) -> Span:
        """Where a condition stands: its text, or the decorator or clause that gives it."""
        at = expectation.at
        for source in self.python_at(at.file):
            spans = [
                source.span(node)
                for node in source.all(ast.Constant)
                if node.value == expectation.condition
            ]
            inside = [each for each in spans if at.line <= each.line <= (at.end_line or at.line)]
            if inside or len(spans) == 1:
                return (inside or spans)[0]
        return at

    def watermarked(self, frame: Frame, depth: int = 0) -> bool:
        """Whether a frame, or a temporary view that it starts with, has a watermark.

        What cannot be followed counts as having one.
        """
        if frame.has("withWatermark") or frame.opaque or depth > 20:
            return True
        name = frame.origin.name
        view = self.by_short_name.get(name.rpartition(".")[2].casefold()) if name else None
        if view is None or not view.is_view:
            return False
        statement = self.statement_of(view)
        if statement is not None:
            return statement.has("WATERMARK")
        inner = self.frames_of(view)
        return not inner or any(self.watermarked(each, depth + 1) for _, each in inner)
