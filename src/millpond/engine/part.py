"""A part of a pipeline to run alone, with other data in place of some of its datasets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from millpond.engine.state import State
from millpond.graph.declared import DeclaredGraph

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class Part(NamedTuple):
    """What to resolve and run.

    Attributes:
        graph: the datasets there are. A name that it lacks is a table of the state.
        roots: keys of the datasets to run, with all that they read; None for every dataset.
    """

    graph: DeclaredGraph
    roots: frozenset[str] | None = None


PartChooser = Callable[["SparkSession", State, DeclaredGraph], Part]
"""Chooses the part, given the whole graph, after the source is read and before it is resolved.

What it raises ends the update, as an error in the source does.
"""
