"""What a static graph consists of: nodes, edges, and what could not be known."""

from __future__ import annotations

from dataclasses import dataclass

from millpond.definitions import QualifiedName
from millpond.errors import MillpondError
from millpond.location import Span

EXTERNAL = "EXTERNAL"
"""The kind of what this pipeline reads or writes but does not define: a table, a path, a sink."""


@dataclass(frozen=True, slots=True)
class Node:
    """A dataset of the pipeline, or something outside of it.

    Attributes:
        name: in full (`catalog.schema.name`); of a path, the path as written.
        kind: a value of `DatasetKind`, or `EXTERNAL`. `TABLE` means that only running the code
            tells whether it is a streaming table or a materialized view.
        at: where it is defined; None for what is outside.
        table: the name of a table from outside; None for anything else.
        expectations: the names of those that are known, in the order written.
        certain: whether its existence, kind, expectations and everything it reads are known.
            Where this is False, what is drawn is true of some run, or is not all there is.
    """

    name: str
    kind: str
    at: Span | None = None
    expectations: tuple[str, ...] = ()
    certain: bool = True
    table: QualifiedName | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """That `target` reads `source`; both are names of nodes."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class StaticGraph:
    """A pipeline as far as its source tells without being run.

    Attributes:
        nodes: datasets in the order of their definition, then what is outside.
        edges: each once, by target in the order of nodes, then in the order of reading.
        warnings: what could not be known, and what is wrong beyond doubt, each at its place.
    """

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    warnings: tuple[MillpondError, ...] = ()
