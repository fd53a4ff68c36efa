"""What source declares, before names are brought together: datasets, flows and their reads."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from millpond.definitions import Action, Dataset, Flow, Name
from millpond.errors import MillpondError
from millpond.location import Span


@dataclass(frozen=True, slots=True)
class Read:
    """One place that reads something.

    Attributes:
        name: of a dataset or table, as written; None for a path or an unnamed source.
        path: of files, as written; None for a table. Both None: a source without a place, such
            as `rate`.
        streaming: whether it is read as a stream.
        certain: whether it is read whenever the query is evaluated.
        catalog, schema: the defaults in force there, or None for the pipeline's.
        at: the call or the name in a query; None where the place is not known.
        options: of the reader, as far as they are known, keys in lower case.
    """

    name: Name | None
    path: str | None
    streaming: bool
    certain: bool = True
    catalog: str | None = None
    schema: str | None = None
    at: Span | None = field(default=None, compare=False)
    options: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class DeclaredExpectation:
    """An expectation.

    Attributes:
        condition: SQL text; None where only a run knows it, or it is a Column.
        at: the decorator, the call or the CONSTRAINT clause it is given in.
    """

    name: str
    condition: str | None
    action: Action
    at: Span


@dataclass(slots=True)
class DeclaredDataset:
    """A dataset, or a sink (of kind `EXTERNAL`).

    Attributes:
        certain: whether it exists in every run.
        expectations_known: whether `expectations` is all of them.
        feature: the function of the pipeline API that declares it; empty in SQL.
        arguments: what that function is given, as far as it is known.
        function: the user's function that gives its query, as its syntax tree has it.
        definition: what a statement of SQL defines; None in Python.
    """

    name: Name
    kind: str
    at: Span
    expectations: list[DeclaredExpectation] = field(default_factory=list)
    certain: bool = True
    expectations_known: bool = True
    feature: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    function: ast.AST | None = None
    definition: Dataset | None = None


@dataclass(frozen=True, slots=True)
class DeclaredFlow:
    """A query and what it fills.

    Attributes:
        understood: whether `reads` is all it reads.
        feature: the function of the pipeline API that declares it; empty in SQL.
        arguments: what that function is given, as far as it is known.
        function: the user's function that gives its query, as its syntax tree has it.
        definition: what a statement of SQL defines; None in Python.
    """

    target: Name
    at: Span
    reads: tuple[Read, ...]
    understood: bool = True
    certain: bool = True
    feature: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    function: ast.AST | None = None
    definition: Flow | None = None


@dataclass(slots=True)
class Declarations:
    """Everything that a pipeline's source declares, in order.

    Attributes:
        errors: statements of SQL that are wrong; they declare nothing.
    """

    datasets: list[DeclaredDataset] = field(default_factory=list)
    flows: list[DeclaredFlow] = field(default_factory=list)
    errors: list[MillpondError] = field(default_factory=list)
    _warnings: dict[tuple[object, ...], MillpondError] = field(default_factory=dict)

    @property
    def warnings(self) -> tuple[MillpondError, ...]:
        """The warnings, each once, in the order given."""
        return tuple(self._warnings.values())

    def warn(self, warning: MillpondError) -> None:
        """Add a warning, unless the same one was given for this place."""
        params = tuple(sorted((key, str(value)) for key, value in warning.params.items()))
        self._warnings.setdefault((warning.code.name, warning.at, params), warning)


def merged_reads(groups: Iterable[Iterable[Read]]) -> tuple[Read, ...]:
    """The reads of several groups in order, each once."""
    return tuple(dict.fromkeys(read for group in groups for read in group))
