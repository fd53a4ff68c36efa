"""Copies of a target of AUTO CDC, one for each order in which its events are tried."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from millpond.definitions import PythonQuery, QualifiedName
from millpond.graph.declared import Node

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_SHUFFLED = "{name}__shuffle_{order}"


def copy_of(node: Node, order: int, readers: Sequence[Callable[[], DataFrame]]) -> Node:
    """A target over other sources: as it is for order 0, else of a name of its own.

    Args:
        readers: a source for each of its flows.
    """
    name = name_of_copy(node.name, order)
    parts = (name.catalog, name.schema, name.name)
    flows = [
        replace(
            flow,
            name=(*flow.name[:-1], _suffixed(flow.name[-1], order)),
            target=parts,
            query=PythonQuery(reader),
            once=False,
        )
        for flow, reader in zip(node.flows, readers, strict=True)
    ]
    return Node(name, replace(node.dataset, name=parts), tuple(flows))


def name_of_copy(name: QualifiedName, order: int) -> QualifiedName:
    """What the copy for an order is called."""
    return replace(name, name=_suffixed(name.name, order))


def _suffixed(name: str, order: int) -> str:
    return _SHUFFLED.format(name=name, order=order) if order else name
